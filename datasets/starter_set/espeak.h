// Speech from espeak-ng, run as a child process.
#pragma once

#include <filesystem>
#include <string>

#include "datasets/audio/audio_file.h"

namespace gruve {

struct Voice {
    std::string name;  // espeak-ng's name: language, '+', variant
    int pitch = 50;    // 0..99
    int speed = 160;   // words per minute
};

/// Synthesises `text`. `aside` is the path of a temporary file for espeak-ng, which is removed afterwards. Throws
/// DataError if espeak-ng is not installed or fails.
Audio speak(const Voice&, const std::string& text, const std::filesystem::path& aside);

}  // namespace gruve
