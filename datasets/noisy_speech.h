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
    Audio audio;  // resampled to the set's rate
};

struct NoisySpeech {
    int rate_hz = 16000;
    std::vector<Recording> speech, noise;  // sorted by group, then path
    std::vector<std::vector<float>> rooms; // impulse responses that training speech may sound in; see read_rooms. May be empty
    std::vector<std::string> left_out;     // "file: why", for the user to read
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

inline constexpr double kLongestRoom = 0.4;  // seconds that are kept of a room response

/// Impulse responses of rooms, any tree of audio files: resampled, from the direct sound (the peak) on, at unit energy. Throws
/// DataError for a file that is silent or unreadable, or a folder without audio.
std::vector<std::vector<float>> read_rooms(const std::filesystem::path& folder, int rate_hz);

struct Mixture {
    std::vector<float> clean, noisy;  // equal length
    float snr_db = 0;
};

/// The i-th mixture of a fixed list for judging: clips of `split`, snrs in turn; the same for every caller. One speaker's clips
/// one after another, one noise recording (looped where it is short); the SNR is that of the whole excerpt.
Mixture fixed_mixture(const NoisySpeech&, Split split, int index, const std::vector<float>& snrs_db, double seconds);

/// A random training mixture: random clips of Split::train, gain, SNR −10..12 dB, EQ and speed; one noise in four is synthetic
/// or babble; a low noise floor lies under gated speech. Where there are rooms, half of the speech sounds in one, the target too:
/// the task is to remove noise, not rooms. Deterministic in `random`; safe on several threads, each with its own.
Mixture random_mixture(const NoisySpeech&, std::mt19937_64& random, double seconds);

/// Windowed-sinc resampling of a whole recording (offline only): 70 dB stop band, pass band to 0.43 of the lower rate. Only the
/// ratio counts, so from = 110, to = 100 plays 10 % faster. Length: ceil(samples · to / from).
std::vector<float> resample(const std::vector<float>& samples, int from_hz, int to_hz);

}  // namespace gruve
