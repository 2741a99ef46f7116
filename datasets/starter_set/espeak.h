// Speech from espeak-ng, run as a child process.
#pragma once

#include <filesystem>
#include <string>

#include "datasets/audio/audio_file.h"

namespace gruve {

struct Voice {
    std::string name;  // as espeak-ng names them: language, '+', variant
    int pitch = 50;    // 0..99
    int speed = 160;   // words per minute
};

/// What the voice says. `aside` is a path for espeak-ng's own file, removed afterwards. Throws DataError where espeak-ng isn't
/// installed or fails.
Audio speak(const Voice&, const std::string& text, const std::filesystem::path& aside);

}  // namespace gruve
