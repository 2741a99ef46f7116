// Name, task, metric and bytes of the loaded preset.
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

#include "plugin/cpu_meter.h"
#include "plugin/loaded_preset.h"

namespace gruve::plugin {

/// "test SI-SDR improvement 5.21 ± 0.30 dB (n = 200), 8 bit 5.25, float 5.30"; empty without a measurement.
juce::String describe(const Scores&);

class PresetInfo final : public juce::Component {
public:
    void show(std::shared_ptr<const LoadedPreset> loaded) { loaded_ = std::move(loaded); repaint(); }
    /// CPU of the slot that is heard.
    void show_load(const CpuLoad& load) { load_ = load; repaint(); }
    void paint(juce::Graphics&) override;

private:
    std::shared_ptr<const LoadedPreset> loaded_;
    CpuLoad load_;
};

}  // namespace gruve::plugin
