// The parameter table as JUCE parameters, and their values in the units that the processor works in.
#pragma once

#include <juce_audio_processors/juce_audio_processors.h>

#include <array>
#include <atomic>

#include "engine/streaming/denoiser.h"
#include "plugin/compare/compare.h"
#include "plugin/parameters/parameter_table.h"
#include "plugin/slots/stream_format.h"

namespace gruve::plugin {

/// All parameters of the table, in its order.
juce::AudioProcessorValueTreeState::ParameterLayout make_parameters();

/// For hosts, listeners and the message thread.
inline juce::RangedAudioParameter& parameter_of(const juce::AudioProcessorValueTreeState& parameters,
                                                ParameterIndex which) {
    return *parameters.getParameter(which.entry().id);
}

/// What the parameters `live` and `latency` mean together.
inline Latency latency_of(float live, float latency) noexcept {
    return live >= 0.5f ? Latency::live : static_cast<Latency>(juce::roundToInt(latency));
}

/// Reads the values without a lock, so that the audio thread may do so. Any thread.
class ParameterValues {
public:
    explicit ParameterValues(const juce::AudioProcessorValueTreeState&);
    /// In the parameter's unit.
    float operator[](ParameterIndex which) const noexcept { return *values_[which.index()]; }
    bool is_on(ParameterIndex toggle) const noexcept { return (*this)[toggle] >= 0.5f; }

    bool bypassed() const noexcept { return is_on("bypass"); }
    /// The slot that is heard: 0 for A, 1 for B.
    std::size_t slot() const noexcept { return is_on("slot_b") ? 1 : 0; }
    /// Share of the wet signal, 0..1.
    float mix() const noexcept { return (*this)["mix"] / 100.0f; }
    Latency latency() const noexcept { return latency_of((*this)["live"], (*this)["latency"]); }
    bool link() const noexcept { return is_on("link"); }
    CompareSettings compare() const noexcept {
        return {slot(), is_on("match"), is_on("difference"),
                juce::Decibels::decibelsToGain((*this)["difference_gain"])};
    }
    DenoiserSettings denoiser() const noexcept {
        return {(*this)["reduction_limit"], (*this)["attack"] / 1000.0f, (*this)["release"] / 1000.0f};
    }
    /// −1..1: see KeywordSpotter.
    float sensitivity() const noexcept { return (*this)["sensitivity"] / 100.0f; }
    int first_note() const noexcept { return juce::roundToInt((*this)["first_note"]); }
    double note_length_s() const noexcept { return (*this)["note_length"] / 1000.0; }
    int midi_channel() const noexcept { return juce::roundToInt((*this)["midi_channel"]); }

private:
    std::array<const std::atomic<float>*, parameter_table.size()> values_{};
};

}  // namespace gruve::plugin
