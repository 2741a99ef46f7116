// A toggle button bound to one parameter.
#pragma once

#include <juce_audio_processors/juce_audio_processors.h>

#include "plugin/parameters/parameters.h"

namespace gruve::plugin {

/// Takes its text and its tooltip from the parameter table.
class ParameterButton final : public juce::ToggleButton {
public:
    ParameterButton(juce::AudioProcessorValueTreeState& parameters, ParameterIndex which)
        : juce::ToggleButton{juce::String::fromUTF8(which.entry().button)},
          attachment_{parameters, which.entry().id, *this} {
        setTooltip(which.entry().tooltip);
    }

private:
    juce::AudioProcessorValueTreeState::ButtonAttachment attachment_;
};

}  // namespace gruve::plugin
