// How one recording of a word becomes many: speed, place, level, noise, and the colour of microphones.
#pragma once

#include <random>
#include <span>
#include <vector>

#include "datasets/audio_file.h"
#include "offline_search/float_network.h"

namespace gruve {

/// `recording` played up to 12 % faster or slower, at a random place in `samples` samples: anywhere where it fits, else cut at
/// random. Random level; in half of the cases one of `noises` (same rate, may be empty) at 0..25 dB SNR; a floor of white noise
/// at −100..−60 dB, because recorders gate and clips end in digital silence.
std::vector<float> alter_recording(std::span<const float> recording, std::size_t samples, const std::vector<Audio>& noises, std::mt19937_64& random);

/// `samples` samples of one of `noises` (not empty) at a random level.
std::vector<float> draw_noise(const std::vector<Audio>& noises, std::size_t samples, std::mt19937_64& random);

/// Log-mel features, bands × steps: a random tilt and bump of a few dB over the bands (`db`: one decibel in features), a
/// shift by up to two bands (other vocal tracts: few speakers must stand for all), and now and then a stretch of bands or of time covered with the mean (SpecAugment, arXiv 1904.08779).
void alter_features(Matrix& features, float db, std::mt19937_64& random);

}  // namespace gruve
