// What a denoiser does now: gain per band. (KeywordView shows words.)
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

#include "plugin/lock_free/meters.h"
#include "plugin/presets/loaded_preset.h"

namespace gruve::plugin {

class MeterView final : public juce::Component, public juce::SettableTooltipClient {
public:
    explicit MeterView(const Meters& meters) : meters_{meters} {
        setTitle("Gain per band");
        setTooltip("How much of each frequency band is let through now, in dB");
        setOpaque(true);  // what is behind needn't be drawn 30 times a second
    }
    void show(std::shared_ptr<const LoadedPreset>);
    juce::String title() const;
    void paint(juce::Graphics&) override;

private:
    void paint_gains(juce::Graphics&, juce::Rectangle<int>) const;
    /// As a number of bands from the first one's centre; −1 outside.
    float band_at(double hz) const;

    const Meters& meters_;
    std::shared_ptr<const LoadedPreset> loaded_;
    std::vector<double> centres_hz_;
};

}  // namespace gruve::plugin
