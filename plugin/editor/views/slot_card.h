// A button for one of the two slots. It shows the preset with its CPU load; a click makes the slot heard.
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

#include "plugin/lock_free/cpu_meter.h"
#include "plugin/presets/loaded_preset.h"

namespace gruve::plugin {

class SlotCard final : public juce::Button {
public:
    explicit SlotCard(const juce::String& letter);
    /// Null: the slot is empty.
    void show(std::shared_ptr<const LoadedPreset>);
    /// asleep: nobody hears or compares the slot; the load is its last one.
    void show_load(const CpuLoad&, bool asleep);

private:
    void paintButton(juce::Graphics&, bool highlighted, bool down) override;

    juce::String letter_, load_text_;
    bool asleep_ = false;
    std::shared_ptr<const LoadedPreset> loaded_;
};

}  // namespace gruve::plugin
