// What a host keeps of the plugin: every parameter by id and the preset's own bytes, under a version.
#pragma once

#include <juce_audio_processors/juce_audio_processors.h>

#include <array>
#include <map>

#include "plugin/slots/slot_host.h"

namespace gruve::plugin {

inline constexpr int session_version = 1;

/// Slots A and B.
using SlotPresets = std::array<PresetRequest, 2>;

struct Session {
    std::map<juce::String, float> values;  // parameter id → value in its own unit
    SlotPresets presets;                   // no bytes: no preset
    juce::String error;                    // why the session was refused; no values or presets are set then
    bool newer = false;                    // refused because a later version of this plugin wrote it
};

juce::MemoryBlock write_session(const juce::Array<juce::AudioProcessorParameter*>& parameters,
                                const SlotPresets& presets);

/// Reads untrusted bytes. Versions newer than this one, other plugins' states and garbage are refused with `error`.
Session read_session(const void* data, int size);

}  // namespace gruve::plugin
