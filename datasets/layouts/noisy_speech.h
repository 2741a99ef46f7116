// Recordings of clean speech and of noise, dealt to the splits.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "datasets/audio/audio_file.h"
#include "datasets/layouts/split.h"

namespace gruve {

struct Recording {
    std::filesystem::path path;
    std::string group;  // speaker, or source recording of a noise
    Split split = Split::train;
    Audio audio;  // resampled to the set's rate
};

struct NoisySpeech {
    int rate_hz = 16000;
    std::vector<Recording> speech, noise;  // sorted by group, then path
    std::vector<std::vector<float>>
        rooms;  // impulse responses that training speech may sound in; see read_rooms. May be empty
    std::vector<std::string> left_out;  // "file: why", for the user to read
};

inline constexpr std::size_t kMostSamples = std::size_t{1} << 28;
inline constexpr double kValidationShare = 0.15, kTestShare = 0.20;

/// speech: <speaker>/*.{wav,flac}, deeper trees, or flat files (group = file name before '_', or the DNS Challenge's
/// "reader_<id>"); noise: any tree (group: Freesound id for "fold-id-take" names, else the file). Everything is resampled to
/// rate_hz. Silent files, clipped speech and clips shorter than 50 ms are left out and listed. Throws DataError for missing or
/// empty folders, unreadable files or NaN samples, fewer than three speakers or noise recordings (one for each split), or where
/// nothing usable is left. Of larger collections a part is read: up to most_samples of speech and as many of noise (1 GiB
/// each; 4.6 hours at 16 kHz).
NoisySpeech read_noisy_speech(const std::filesystem::path& speech, const std::filesystem::path& noise, int rate_hz,
                              std::uint64_t seed, std::size_t most_samples = kMostSamples);

}  // namespace gruve
