// A preset that has been read and laid out to run: immutable, shared by slots, editor and saved sessions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/preset/preset.h"
#include "engine/streaming/stream_network.h"

namespace gruve::plugin {

struct LoadedPreset {
    std::uint64_t number = 0;         // another one each time that a preset is loaded
    std::string source;               // file name or factory name, as shown
    std::vector<std::uint8_t> bytes;  // the .gruve file itself, for the session
    std::shared_ptr<const Preset> preset;
    PlayableNetwork network;
    std::size_t parameter_bytes = 0, resident_bytes = 0;
    std::string arithmetic;  // "avx2 integers", "float"
};

/// Throws PresetError with a sentence that names `source`. Not for the audio thread.
std::shared_ptr<const LoadedPreset> load_preset(std::vector<std::uint8_t> bytes, const std::string& source);

/// The test split's, where there are such.
inline const Scores& shown_scores(const Preset& preset) { return preset.test.n > 0 ? preset.test : preset.validation; }

/// How often its network steps, per second of audio.
double steps_per_second(const Preset&);

/// The bytes of a file. Throws PresetError where it is missing, unreadable or longer than 16 MiB.
std::vector<std::uint8_t> read_preset_file(const std::string& path);

}  // namespace gruve::plugin
