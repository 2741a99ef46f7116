// How one recording of a word becomes many: speed, place, level, noise, and the colour of microphones.
#pragma once

#include <random>
#include <span>
#include <vector>

#include "datasets/audio/audio_file.h"
#include "offline_search/network/float_network.h"

namespace gruve {

/// 10^(db/20).
float gain_of(double db);
/// Root of the mean square; 0 of nothing.
double rms_of(std::span<const float> samples);
/// How fast a sound is played, evenly from its first sample to its last: no two people hold the same syllables equally long.
struct Speed {
    double first = 1, last = 1;
    double duration(double length) const { return 2 * length / (first + last); }
    /// When what lies `place` into a sound of `length` is heard, in the same unit.
    double time_of(double place, double length) const;
};
/// Played faster (speed > 1) or slower: speed.duration(length) samples.
std::vector<float> change_speed(std::span<const float> samples, const Speed& speed);
/// Adds a stretch of a noise at a random place and this level, looped where it is short.
void add_noise(std::span<float> out, std::span<const float> noise, double rms, std::mt19937_64& random);
/// Adds white noise at −100..−60 dB, because recorders gate and clips end in digital silence.
void add_floor(std::span<float> out, std::mt19937_64& random);
/// A small room: two dozen echoes that die away within 0.1..0.5 s, in all 3..15 dB below the sound itself.
void add_room(std::span<float> samples, int rate_hz, std::mt19937_64& random);

/// `recording` played up to 12 % faster or slower, at a random place in `samples` samples: anywhere where it fits, else cut at
/// random. Random level; in half of the cases one of `noises` (same rate, may be empty) at 0..25 dB SNR; add_floor().
std::vector<float> alter_recording(std::span<const float> recording, std::size_t samples,
                                   const std::vector<Audio>& noises, std::mt19937_64& random);

/// `samples` samples of one of `noises` (not empty) at a random level.
std::vector<float> draw_noise(const std::vector<Audio>& noises, std::size_t samples, std::mt19937_64& random);

/// Log-mel features, bands × steps: a random tilt and bump of a few dB over the bands (`db`: one decibel in features), a shift by up to
/// two bands (other vocal tracts: few speakers must stand for all), and now and then a stretch of bands covered with the mean
/// (SpecAugment, arXiv 1904.08779).
void alter_colour(Matrix& features, float db, std::mt19937_64& random);
/// Row b becomes what was at b + `lowest` in the lowest band, b + `highest` in the highest, evenly between; interpolated; the edges repeat.
void shift_bands(Matrix& features, double lowest, double highest);
/// The same as alter_colour(), and now and then a stretch of time covered.
void alter_features(Matrix& features, float db, std::mt19937_64& random);

}  // namespace gruve
