// What a denoiser does now: gain per band. (KeywordView shows words.)
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

#include "plugin/loaded_preset.h"
#include "plugin/meters.h"

namespace gruve::plugin {

class MeterView final : public juce::Component {
public:
    explicit MeterView(const Meters& meters) : meters_{meters} { setOpaque(true); }  // what is behind needn't be drawn 30 times a second
    void show(std::shared_ptr<const LoadedPreset> loaded) { loaded_ = std::move(loaded); repaint(); }
    juce::String title() const;
    void paint(juce::Graphics&) override;

private:
    void paint_gains(juce::Graphics&, juce::Rectangle<int>) const;

    const Meters& meters_;
    std::shared_ptr<const LoadedPreset> loaded_;
};

}  // namespace gruve::plugin
