// Levels and mixing: the one definition of level and SNR for word clips, word streams and the denoiser's mixtures.
//
// Samples are floats with full scale ±1. A level is an RMS; in decibels it is relative to 1 (dBFS). An SNR is the level
// of the signal relative to the level of the noise, in dB.
#pragma once

#include <cstddef>
#include <random>
#include <span>

#include "datasets/audio/sound.h"

namespace gruve {

/// Root of the mean square; 0 without samples.
double rms(std::span<const float> samples);

/// 10^(db/20).
double gain_of_db(double db);
/// The same, rounded to float. Word clips and streams are mixed with float gains and the denoiser's mixtures with
/// double ones; a trained model depends on every bit of what it heard.
float float_gain_of_db(double db);

/// Multiplies samples by `gain`.
void scale(std::span<float> samples, double gain);

/// Adds gain · from to `to`. Both have equal lengths. The product has the precision of `Gain`, which is float or
/// double.
template <typename Gain>
void add_scaled(std::span<float> to, std::span<const float> from, Gain gain) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += static_cast<float>(gain * static_cast<Gain>(from[i]));
}

/// Adds an excerpt of `noise` (not empty) with the level `level_rms`. It begins at a random place and is looped if
/// `noise` is shorter than `to`. Nothing is added if the excerpt is silent.
void add_noise(std::span<float> to, const SharedSamples& noise, double level_rms, std::mt19937_64& random);

/// Adds white noise with uniformly distributed amplitudes and the level `level_rms`.
void add_white_noise(std::span<float> to, double level_rms, std::mt19937_64& random);

}  // namespace gruve
