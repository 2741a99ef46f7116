#include "plugin/parameters/parameters.h"

#include <memory>

namespace gruve::plugin {

namespace {

// Steps of 0.1 survive a host's conversion to 0..1 and back exactly, so that sessions and offline renders agree.
constexpr float interval = 0.1f;

/// What all kinds of parameters have in common.
template <class Attributes>
Attributes common_attributes(const Parameter& entry) {
    const Attributes attributes = Attributes().withLabel(entry.unit);
    switch (entry.role) {
        case ParameterRole::setting:
            return attributes.withAutomatable(false);
        case ParameterRole::output:
            return attributes.withCategory(juce::AudioProcessorParameter::otherMeter);
        case ParameterRole::automated:
            break;
    }
    return attributes;
}

std::unique_ptr<juce::RangedAudioParameter> toggle(const juce::ParameterID& id, const Parameter& entry) {
    return std::make_unique<juce::AudioParameterBool>(
        id, entry.name, entry.initial >= 0.5f,
        common_attributes<juce::AudioParameterBoolAttributes>(entry).withStringFromValueFunction(
            [texts = entry.texts](bool on, int) { return juce::String(texts[on]); }));
}

std::unique_ptr<juce::RangedAudioParameter> choice(const juce::ParameterID& id, const Parameter& entry) {
    juce::StringArray texts;
    for (int i = 0; i <= static_cast<int>(entry.high); ++i) texts.add(entry.texts[static_cast<std::size_t>(i)]);
    return std::make_unique<juce::AudioParameterChoice>(id, entry.name, texts, static_cast<int>(entry.initial),
                                                        common_attributes<juce::AudioParameterChoiceAttributes>(entry));
}

std::unique_ptr<juce::RangedAudioParameter> whole_number(const juce::ParameterID& id, const Parameter& entry) {
    return std::make_unique<juce::AudioParameterInt>(id, entry.name, static_cast<int>(entry.low),
                                                     static_cast<int>(entry.high), static_cast<int>(entry.initial),
                                                     common_attributes<juce::AudioParameterIntAttributes>(entry));
}

std::unique_ptr<juce::RangedAudioParameter> number(const juce::ParameterID& id, const Parameter& entry) {
    juce::NormalisableRange<float> range{entry.low, entry.high, interval};
    if (entry.centre > 0) range.setSkewForCentre(entry.centre);
    return std::make_unique<juce::AudioParameterFloat>(
        id, entry.name, range, entry.initial,
        common_attributes<juce::AudioParameterFloatAttributes>(entry).withStringFromValueFunction(
            [decimals = entry.decimals](float value, int) { return juce::String(value, decimals); }));
}

}  // namespace

juce::AudioProcessorValueTreeState::ParameterLayout make_parameters() {
    juce::AudioProcessorValueTreeState::ParameterLayout layout;
    for (const Parameter& entry : parameter_table) {
        const juce::ParameterID id{entry.id, entry.since};
        layout.add(entry.kind == ParameterKind::toggle         ? toggle(id, entry)
                   : entry.kind == ParameterKind::choice       ? choice(id, entry)
                   : entry.kind == ParameterKind::whole_number ? whole_number(id, entry)
                                                               : number(id, entry));
    }
    return layout;
}

ParameterValues::ParameterValues(const juce::AudioProcessorValueTreeState& parameters) {
    for (std::size_t i = 0; i < values_.size(); ++i)
        values_[i] = parameters.getRawParameterValue(parameter_table[i].id);
}

}  // namespace gruve::plugin
