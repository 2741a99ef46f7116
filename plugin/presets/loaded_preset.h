// A preset that is read, checked and ready to run. It is immutable; slots, the editor and sessions share it.
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
    std::uint64_t number = 0;         // unique: every load gets another number
    std::string source;               // file name or factory name, as users see it
    std::vector<std::uint8_t> bytes;  // the .gruve file itself, for the session
    std::shared_ptr<const Preset> preset;
    PlayableNetwork network;
    std::size_t parameter_bytes = 0, resident_bytes = 0;
    std::string arithmetic;  // for diagnostics: "avx2 integers", "float"
};

/// bytes: a .gruve file. Throws PresetError, with a message that begins with `source`. Not for the audio thread.
std::shared_ptr<const LoadedPreset> load_preset(std::vector<std::uint8_t> bytes, const std::string& source);

/// The scores on the test split if there are any, else on the validation split.
inline const Scores& shown_scores(const Preset& preset) { return preset.test.n > 0 ? preset.test : preset.validation; }

/// Network steps per second of audio.
double steps_per_second(const Preset&);

/// Throws PresetError if the file is missing, unreadable or longer than 16 MiB.
std::vector<std::uint8_t> read_preset_file(const std::string& path);

}  // namespace gruve::plugin
