// The state that a host saves: every parameter by id and the presets' own bytes, with a format version.
#pragma once

#include <juce_audio_processors/juce_audio_processors.h>

#include <array>
#include <map>

#include "plugin/slots/preset_request.h"

namespace gruve::plugin {

inline constexpr int session_version = 1;

/// Slots A and B.
using SlotPresets = std::array<PresetRequest, 2>;

struct Session {
    std::map<juce::String, float> values;  // parameter id → value in the parameter's unit
    SlotPresets presets;                   // no bytes: an empty slot
    bool own_bypass = false;               // the value of Bypass is that of the plugin's own button; see processor.h
    juce::String error;                    // why the session was refused; values and presets are then empty
    bool newer = false;                    // refused because a newer version of the plugin wrote it
};

/// Leaves out parameters that are outputs (of the category otherMeter).
juce::MemoryBlock write_session(const juce::Array<juce::AudioProcessorParameter*>& parameters,
                                const SlotPresets& presets);

/// Reads untrusted bytes. Sets `error` for a newer format version, for the state of another plugin and for damaged
/// bytes.
Session read_session(const void* data, int size);

}  // namespace gruve::plugin
