// The present gain of a denoiser in each band. KeywordView does the same for words.
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

#include "plugin/lock_free/meters.h"
#include "plugin/presets/loaded_preset.h"

namespace gruve::plugin {

class MeterView final : public juce::Component, public juce::SettableTooltipClient {
public:
    explicit MeterView(const Meters& meters) : meters_{meters} {
        setTitle("Gain per band");
        setTooltip("Present gain of each frequency band, in dB");
        setOpaque(true);  // so that the background isn't redrawn 30 times a second
    }
    /// The preset that is heard; null for an empty slot.
    void show(std::shared_ptr<const LoadedPreset>);
    /// For the card around this view.
    juce::String title() const;
    void paint(juce::Graphics&) override;

private:
    void paint_gains(juce::Graphics&, juce::Rectangle<int>) const;
    /// The position of a frequency, in bands from the centre of the first one; −1 outside of the bands.
    float band_at(double hz) const;

    const Meters& meters_;
    std::shared_ptr<const LoadedPreset> loaded_;
    std::vector<double> centres_hz_;
};

}  // namespace gruve::plugin
