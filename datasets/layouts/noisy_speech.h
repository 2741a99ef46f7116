// A set of clean speech and of noise, both dealt to the splits: the material of the denoiser.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "datasets/layouts/recordings.h"

namespace gruve {

struct NoisySpeech {
    int rate_hz = 16000;
    std::vector<Recording> speech, noise;   // sorted by group, then path
    std::vector<std::vector<float>> rooms;  // impulse responses for the training speech (see read_rooms); may be empty
    std::vector<std::string> left_out;      // "file: reason", for the user to read
};

/// How much read_noisy_speech() keeps in memory of speech, and again of noise: 1 GiB each, 4.6 hours at 16 kHz.
inline constexpr std::size_t most_samples_kept = std::size_t{1} << 28;
/// Shares of the recordings; training gets the rest.
inline constexpr double validation_share = 0.15, test_share = 0.20;

/// Reads two folders, resamples everything to rate_hz and deals it to the splits.
/// speech: <speaker>/*.{wav,flac}, a deeper tree, or flat files. In flat files the group is the name before the first
/// '_', or the DNS Challenge's "reader_<id>".
/// noise: any tree. The group is the Freesound id for names of the form "fold-id-take", otherwise the file.
/// Silent files, clipped speech and clips shorter than 50 ms are left out and listed. If a folder holds more than
/// `most_samples`, a part of it is read. Throws DataError for a missing or empty folder, an unreadable file or NaN
/// samples, if there are fewer than three speakers or noise recordings (one per split), or if nothing is usable.
NoisySpeech read_noisy_speech(const std::filesystem::path& speech, const std::filesystem::path& noise, int rate_hz,
                              std::uint64_t seed, std::size_t most_samples = most_samples_kept);

}  // namespace gruve
