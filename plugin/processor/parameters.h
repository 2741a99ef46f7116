// The plugin's parameters. Ids never change: sessions and automation name them.
#pragma once

#include <juce_audio_processors/juce_audio_processors.h>

#include "engine/streaming/denoiser.h"
#include "plugin/compare/compare.h"

namespace gruve::plugin {

namespace id {
inline constexpr auto bypass = "bypass";
inline constexpr auto mix = "mix";                          // percent
inline constexpr auto reduction_limit = "reduction_limit";  // dB
inline constexpr auto attack = "attack";                    // ms
inline constexpr auto release = "release";                  // ms
inline constexpr auto live = "live";                        // 5 ms instead of 10 ms of latency
inline constexpr auto first_note = "first_note";            // MIDI note of label 0
inline constexpr auto note_length = "note_length";          // ms
inline constexpr auto midi_channel = "midi_channel";
inline constexpr auto slot_b = "slot_b";                    // which of the two slots is heard
inline constexpr auto link = "link";                        // one gain per band for both channels
inline constexpr auto match = "match";                      // B as loud as A
inline constexpr auto difference = "difference";            // A − B is heard
inline constexpr auto difference_gain = "difference_gain";  // dB
inline constexpr auto heard_word = "heard_word";            // read-only: 1 + the label whose note sounds, 0: none
}  // namespace id

inline constexpr int most_shown_words = 127;  // of heard_word: later ones show as the last

juce::AudioProcessorValueTreeState::ParameterLayout make_parameters();

/// Lock-free reads for the audio thread.
class ParameterValues {
public:
    explicit ParameterValues(juce::AudioProcessorValueTreeState&);
    bool bypassed() const noexcept { return *bypass_ >= 0.5f; }
    /// 0 or 1.
    std::size_t slot() const noexcept { return *slot_b_ >= 0.5f ? 1 : 0; }
    float mix() const noexcept { return *mix_ / 100.0f; }
    bool live() const noexcept { return *live_ >= 0.5f; }
    bool link() const noexcept { return *link_ >= 0.5f; }
    CompareSettings compare() const noexcept {
        return {slot(), *match_ >= 0.5f, *difference_ >= 0.5f,
                juce::Decibels::decibelsToGain(difference_gain_->load())};
    }
    DenoiserSettings denoiser() const noexcept { return {*reduction_limit_, *attack_ / 1000.0f, *release_ / 1000.0f}; }
    int first_note() const noexcept { return juce::roundToInt(first_note_->load()); }
    double note_length_s() const noexcept { return *note_length_ / 1000.0; }
    int midi_channel() const noexcept { return juce::roundToInt(midi_channel_->load()); }

private:
    using Value = const std::atomic<float>*;
    Value bypass_, mix_, reduction_limit_, attack_, release_, live_, first_note_, note_length_, midi_channel_, slot_b_,
        link_, match_, difference_, difference_gain_;
};

}  // namespace gruve::plugin
