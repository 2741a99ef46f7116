// Small presets, seeded test signals, and a minimal host.
#pragma once

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <random>
#include <thread>

#include "engine/preset/serialise_preset.h"
#include "plugin/processor/processor.h"
#include "tests/engine/tiny_models.h"

namespace gruve::plugin::test {

using Audio = juce::AudioBuffer<float>;

inline Audio noise(int channels, int samples, unsigned seed = 1, float level = 0.1f) {
    Audio audio(channels, samples);
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> value(-level, level);
    for (int c = 0; c < channels; ++c)
        for (int i = 0; i < samples; ++i) audio.setSample(c, i, value(random));
    return audio;
}

/// noise(), with silence in every second eighth of a second.
inline Audio bursts(int channels, int samples, double rate_hz) {
    Audio audio = noise(channels, samples);
    for (int i = 0; i < samples; ++i)
        if (static_cast<int>(i * 8.0 / rate_hz) % 2) {
            for (int c = 0; c < channels; ++c) audio.setSample(c, i, 0.0f);
        }
    return audio;
}

inline Audio sine(int channels, int samples, double hz, double rate_hz, float level = 0.5f) {
    Audio audio(channels, samples);
    for (int c = 0; c < channels; ++c)
        for (int i = 0; i < samples; ++i)
            audio.setSample(
                c, i, level * static_cast<float>(std::sin(juce::MathConstants<double>::twoPi * hz * i / rate_hz)));
    return audio;
}

inline void wait_until_loaded(const Processor& processor) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (processor.busy() && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    BOOST_REQUIRE(!processor.busy());
}

inline void load(Processor& processor, const Preset& preset, const char* source = "test.gruve") {
    processor.load_bytes(serialise(preset), source);
    wait_until_loaded(processor);
}

inline void set(Processor& processor, const char* parameter_id, float value) {
    auto* parameter = processor.parameters().getParameter(parameter_id);
    parameter->setValueNotifyingHost(parameter->convertTo0to1(value));
}

inline void set(Processor& processor, Latency latency) { set(processor, "latency", static_cast<float>(latency)); }

/// Delays by 40 ms at most rates: needs Studio.
inline DenoiserConfig studio_config() {
    DenoiserConfig config;
    config.look_ahead = 6;
    return config;
}

inline void prepare(Processor& processor, int channels, double rate_hz, int block = 512) {
    const auto layout = channels == 1 ? juce::AudioChannelSet::mono() : juce::AudioChannelSet::stereo();
    BOOST_REQUIRE(processor.setBusesLayout({{layout}, {layout}}));
    processor.setRateAndBufferSizeDetails(rate_hz, block);
    processor.prepareToPlay(rate_hz, block);
}

/// Plays in blocks of the given sizes, repeated until all audio is processed. Positions of notes count from the start
/// of `audio`.
inline Audio play(Processor& processor, Audio audio, const std::vector<int>& blocks = {512},
                  juce::MidiBuffer* notes = nullptr) {
    juce::MidiBuffer midi;
    midi.ensureSize(4096);
    std::size_t k = 0;
    for (int start = 0; start < audio.getNumSamples();) {
        const int n = std::min(blocks[k++ % blocks.size()], audio.getNumSamples() - start);
        Audio piece(audio.getArrayOfWritePointers(), audio.getNumChannels(), start, n);
        midi.clear();
        processor.processBlock(piece, midi);
        if (notes) notes->addEvents(midi, 0, n, start);
        start += n;
    }
    return audio;
}

inline bool equal(const Audio& a, const Audio& b) {
    if (a.getNumChannels() != b.getNumChannels() || a.getNumSamples() != b.getNumSamples()) return false;
    for (int c = 0; c < a.getNumChannels(); ++c)
        if (!std::equal(a.getReadPointer(c), a.getReadPointer(c) + a.getNumSamples(), b.getReadPointer(c)))
            return false;
    return true;
}

/// Whether b equals a, delayed by `delay` samples, bit for bit, with zeros before.
inline bool delayed(const Audio& a, const Audio& b, int delay) {
    for (int c = 0; c < a.getNumChannels(); ++c)
        for (int i = 0; i < a.getNumSamples(); ++i)
            if (b.getSample(c, i) != (i < delay ? 0.0f : a.getSample(c, i - delay))) return false;
    return true;
}

inline float largest_difference(const Audio& a, const Audio& b, int from = 0) {
    float largest = 0;
    for (int c = 0; c < a.getNumChannels(); ++c)
        for (int i = from; i < a.getNumSamples(); ++i)
            largest = std::max(largest, std::abs(a.getSample(c, i) - b.getSample(c, i)));
    return largest;
}

/// Two presets that are easy to tell apart: all gains are 1, or all are 0.5.
inline const Preset& unity_preset() {
    static const auto preset = tiny::constant_gain_preset(100, 0.01f);
    return *preset;
}
inline const Preset& half_preset() {
    static const auto preset = tiny::constant_gain_preset(50, 0.01f);
    return *preset;
}

}  // namespace gruve::plugin::test
