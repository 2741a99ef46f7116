#include "plugin/processor/parameters.h"

namespace gruve::plugin {

namespace {

constexpr int version_hint = 1;
constexpr float interval = 0.1f;  // values survive a host's 0..1 exactly, so that sessions and offline renders agree

std::unique_ptr<juce::RangedAudioParameter> number(const char* name_id, const char* name,
                                                   juce::NormalisableRange<float> range, float value, const char* unit,
                                                   int decimals) {
    return std::make_unique<juce::AudioParameterFloat>(
        juce::ParameterID{name_id, version_hint}, name, range, value,
        juce::AudioParameterFloatAttributes().withLabel(unit).withStringFromValueFunction(
            [decimals](float x, int) { return juce::String(x, decimals); }));
}

juce::NormalisableRange<float> skewed(float low, float high, float centre) {
    juce::NormalisableRange<float> range{low, high, interval};
    range.setSkewForCentre(centre);
    return range;
}

}  // namespace

juce::AudioProcessorValueTreeState::ParameterLayout make_parameters() {
    using namespace juce;
    const DenoiserSettings defaults;  // the plugin as loaded sounds as the search measured
    AudioProcessorValueTreeState::ParameterLayout layout;
    layout.add(std::make_unique<AudioParameterBool>(ParameterID{id::bypass, version_hint}, "Bypass", false));
    layout.add(number(id::mix, "Mix", {0.0f, 100.0f, interval}, 100.0f, "%", 0));
    layout.add(
        number(id::reduction_limit, "Reduction limit", {0.0f, 60.0f, interval}, defaults.reduction_limit_db, "dB", 1));
    layout.add(number(id::attack, "Attack", skewed(0.0f, 500.0f, 50.0f), 1000.0f * defaults.attack_s, "ms", 0));
    layout.add(number(id::release, "Release", skewed(0.0f, 1000.0f, 100.0f), 1000.0f * defaults.release_s, "ms", 0));
    // A setting, not an automation target: the host must compensate another latency after it changes.
    layout.add(std::make_unique<AudioParameterBool>(ParameterID{id::live, version_hint}, "Live (5 ms)", false,
                                                    AudioParameterBoolAttributes().withAutomatable(false)));
    layout.add(
        std::make_unique<AudioParameterInt>(ParameterID{id::first_note, version_hint}, "First note", 0, 127, 60));
    layout.add(number(id::note_length, "Note length", skewed(20.0f, 2000.0f, 200.0f), 100.0f, "ms", 0));
    layout.add(
        std::make_unique<AudioParameterInt>(ParameterID{id::midi_channel, version_hint}, "MIDI channel", 1, 16, 1));
    layout.add(std::make_unique<AudioParameterBool>(
        ParameterID{id::slot_b, version_hint}, "Slot", false,
        AudioParameterBoolAttributes().withStringFromValueFunction([](bool b, int) { return b ? "B" : "A"; })));
    layout.add(std::make_unique<AudioParameterBool>(
        ParameterID{id::link, version_hint}, "Stereo link", false,
        AudioParameterBoolAttributes().withStringFromValueFunction([](bool b, int) { return b ? "Linked" : "Dual"; })));
    layout.add(std::make_unique<AudioParameterBool>(ParameterID{id::match, version_hint}, "Match loudness", true));
    layout.add(
        std::make_unique<AudioParameterBool>(ParameterID{id::difference, version_hint}, "Difference (A - B)", false));
    layout.add(number(id::difference_gain, "Difference gain", {0.0f, 40.0f, interval}, 0.0f, "dB", 1));
    // An output: of the category of meters, which hosts show and may record but don't write.
    layout.add(std::make_unique<AudioParameterInt>(
        ParameterID{id::heard_word, version_hint}, "Heard word", 0, most_shown_words, 0,
        AudioParameterIntAttributes().withCategory(AudioProcessorParameter::otherMeter)));
    return layout;
}

ParameterValues::ParameterValues(juce::AudioProcessorValueTreeState& tree)
    : bypass_{tree.getRawParameterValue(id::bypass)},
      mix_{tree.getRawParameterValue(id::mix)},
      reduction_limit_{tree.getRawParameterValue(id::reduction_limit)},
      attack_{tree.getRawParameterValue(id::attack)},
      release_{tree.getRawParameterValue(id::release)},
      live_{tree.getRawParameterValue(id::live)},
      first_note_{tree.getRawParameterValue(id::first_note)},
      note_length_{tree.getRawParameterValue(id::note_length)},
      midi_channel_{tree.getRawParameterValue(id::midi_channel)},
      slot_b_{tree.getRawParameterValue(id::slot_b)},
      link_{tree.getRawParameterValue(id::link)},
      match_{tree.getRawParameterValue(id::match)},
      difference_{tree.getRawParameterValue(id::difference)},
      difference_gain_{tree.getRawParameterValue(id::difference_gain)} {}

}  // namespace gruve::plugin
