// Clean speech and noise, mixed on the fly.
#pragma once

#include <cstdint>
#include <filesystem>
#include <random>
#include <vector>

#include "datasets/audio_file.h"
#include "datasets/split.h"

namespace gruve {

struct Recording {
    std::filesystem::path path;
    std::string group;  // speaker, or source recording of a noise
    Split split = Split::train;
    Audio audio;        // resampled to the set's rate
};

struct NoisySpeech {
    int rate_hz = 16000;
    std::vector<Recording> speech, noise;
};

/// speech: <speaker>/*.{wav,flac} or flat files (group = file name before '_'); noise: any tree (group: Freesound id for
/// "fold-id-take" names, else the file). Everything is resampled to rate_hz. Throws DataError for missing or empty folders,
/// one speaker only, or clips all shorter than 50 ms.
NoisySpeech read_noisy_speech(const std::filesystem::path& speech, const std::filesystem::path& noise, int rate_hz, std::uint64_t seed);

struct Mixture {
    std::vector<float> clean, noisy;  // equal length
    float snr_db = 0;
};

/// The i-th mixture of a fixed list for judging: clips of `split`, snrs in turn; the same for every caller.
Mixture fixed_mixture(const NoisySpeech&, Split split, int index, const std::vector<float>& snrs_db, double seconds);

/// A random training mixture: random clips of Split::train, gain, SNR −6..18 dB, EQ and speed; deterministic in `random`.
Mixture random_mixture(const NoisySpeech&, std::mt19937_64& random, double seconds);

/// Windowed-sinc resampling of a whole recording (offline only).
std::vector<float> resample(const std::vector<float>& samples, int from_hz, int to_hz);

}  // namespace gruve
