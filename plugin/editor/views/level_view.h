// Peak meters of input and output.
#pragma once

#include <juce_audio_basics/juce_audio_basics.h>
#include <juce_gui_basics/juce_gui_basics.h>

#include "plugin/lock_free/level_meter.h"

namespace gruve::plugin {

class LevelView final : public juce::Component, public juce::SettableTooltipClient {
public:
    LevelView(const LevelMeter& input, const LevelMeter& output);
    void paint(juce::Graphics&) override;

private:
    void paint_bars(juce::Graphics&, juce::Rectangle<int>, const LevelMeter&, const juce::String& name) const;
    const LevelMeter &input_, &output_;
};

}  // namespace gruve::plugin
