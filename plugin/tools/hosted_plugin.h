// A small host: opens a built plugin, loads a preset into it and runs audio through it.
#pragma once

#include <juce_audio_processors/juce_audio_processors.h>

#include <memory>

namespace gruve::plugin {

/// Opens the VST3 at `path` for `channels` (1 or 2) at `rate_hz`, offline. Throws std::runtime_error with the host's
/// reason.
std::unique_ptr<juce::AudioPluginInstance> open_vst3(const juce::String& path, double rate_hz, int channels, int block);

/// Wraps `state` as a JUCE host must pass it to a VST3, so that the plugin's own setStateInformation() gets `state`.
juce::MemoryBlock as_vst3_state(const juce::MemoryBlock& state);

/// A session of the plugin that holds the preset file `path` and default parameters. Throws PresetError.
juce::MemoryBlock session_with(const juce::String& path);

/// Returns the processed audio, as long as the input, with the plugin's reported latency removed.
juce::AudioBuffer<float> run(juce::AudioPluginInstance&, const juce::AudioBuffer<float>& audio, double rate_hz,
                             int block);

}  // namespace gruve::plugin
