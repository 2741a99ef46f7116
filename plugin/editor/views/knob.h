// A rotary control bound to one parameter, its name above, its value with unit below.
#pragma once

#include <juce_audio_processors/juce_audio_processors.h>

#include "plugin/editor/style/theme.h"

namespace gruve::plugin {

class Knob final : public juce::Component {
public:
    Knob(juce::AudioProcessorValueTreeState& parameters, const juce::String& parameter_id, const juce::String& tooltip)
        : parameter_{*parameters.getParameter(parameter_id)}, attachment_{parameters, parameter_id, slider_} {
        const juce::String name = parameter_.getName(64), unit = parameter_.getLabel();
        slider_.setSliderStyle(juce::Slider::RotaryHorizontalVerticalDrag);
        slider_.setTextBoxStyle(juce::Slider::TextBoxBelow, false, 88, 20);
        slider_.setTextValueSuffix(unit.isEmpty() ? juce::String() : " " + unit);
        slider_.setDoubleClickReturnValue(true, parameter_.convertFrom0to1(parameter_.getDefaultValue()));
        slider_.setWantsKeyboardFocus(true);
        slider_.setColour(juce::Slider::textBoxOutlineColourId, juce::Colours::transparentBlack);
        slider_.setTitle(name);
        slider_.setTooltip(tooltip);
        slider_.updateText();
        addAndMakeVisible(slider_);
        setName(name);
    }

    void paint(juce::Graphics& g) override {
        g.setColour(colour::dim);
        g.setFont(plain_font(13.0f));
        g.drawText(getName(), getLocalBounds().removeFromTop(18), juce::Justification::centred);
    }
    void resized() override { slider_.setBounds(getLocalBounds().withTrimmedTop(18)); }

private:
    juce::RangedAudioParameter& parameter_;
    juce::Slider slider_;
    juce::AudioProcessorValueTreeState::SliderAttachment attachment_;
};

}  // namespace gruve::plugin
