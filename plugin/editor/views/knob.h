// A rotary control bound to one parameter, with its name above and its value and unit below.
#pragma once

#include <juce_audio_processors/juce_audio_processors.h>

#include "plugin/editor/style/theme.h"
#include "plugin/parameters/parameters.h"

namespace gruve::plugin {

/// Takes its tooltip from the parameter table.
class Knob final : public juce::Component {
public:
    Knob(juce::AudioProcessorValueTreeState& parameters, ParameterIndex which)
        : attachment_{parameters, which.entry().id, slider_} {
        const auto& parameter = parameter_of(parameters, which);
        const juce::String name = which.entry().name, unit = which.entry().unit;
        slider_.setSliderStyle(juce::Slider::RotaryHorizontalVerticalDrag);
        slider_.setTextBoxStyle(juce::Slider::TextBoxBelow, false, 88, 20);
        slider_.setTextValueSuffix(unit.isEmpty() ? juce::String() : " " + unit);
        slider_.setDoubleClickReturnValue(true, parameter.convertFrom0to1(parameter.getDefaultValue()));
        slider_.setWantsKeyboardFocus(true);
        slider_.setColour(juce::Slider::textBoxOutlineColourId, juce::Colours::transparentBlack);
        slider_.setTitle(name);
        slider_.setTooltip(which.entry().tooltip);
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
    juce::Slider slider_;
    juce::AudioProcessorValueTreeState::SliderAttachment attachment_;
};

}  // namespace gruve::plugin
