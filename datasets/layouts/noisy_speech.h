// A set of clean speech and of noise, both dealt to the splits: the material of the denoiser.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "datasets/layouts/recordings.h"

namespace gruve {

/// The recordings of each split and how likely each is in a mixture, so that one among 100,000 is drawn quickly.
struct Weights {
    /// A recording's weight is its length in seconds, up to a minute, so that all parts of the material are used about
    /// equally often.
    static double of(const Recording& r) { return std::min(r.audio.seconds(), 60.0); }
    explicit Weights(const std::vector<Recording>&);

    std::array<std::vector<std::uint32_t>, 3> index;  // by Split; of recordings that aren't empty
    std::array<std::vector<double>, 3> weight;
    std::array<double, 3> total{};
};

struct NoisySpeech {
    int rate_hz = 16000;
    std::vector<Recording> speech, noise;  // sorted by group, then path
    /// Of `speech` and `noise`. Null is slower; whoever changes the recordings sets them to null.
    std::shared_ptr<const Weights> speech_weights, noise_weights;
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
