// Augmentation: turns one recording of a word into many, by speed, position, level, noise, room and colour of the
// microphone.
//
// All functions are deterministic in `random` and safe on several threads, each with its own `random`.
#pragma once

#include <random>
#include <span>
#include <vector>

#include "datasets/audio/sound.h"
#include "offline_search/network/float_network.h"

namespace gruve {

/// The speed at which a sound is played; it changes evenly from the first sample to the last. Speakers differ in how
/// long they hold each syllable, not only in their overall tempo.
struct Speed {
    double first = 1, last = 1;
    /// Duration of a sound of `length`, in the same unit.
    double duration(double length) const { return 2 * length / (first + last); }
    /// Time at which the place `place` of a sound of `length` is heard, in the same unit.
    double time_of(double place, double length) const;
};
/// Plays samples faster (speed > 1) or slower. Returns speed.duration(length) samples, rounded down.
std::vector<float> change_speed(std::span<const float> samples, const Speed& speed);

/// Adds white noise at −100 … −60 dBFS, because recorders gate and clips end in digital silence.
void add_noise_floor(std::span<float> out, std::mt19937_64& random);
/// Adds a small room: 24 echoes that decay within 0.1 … 0.5 s, together 3 … 15 dB below the direct sound.
void add_room(std::span<float> samples, int rate_hz, std::mt19937_64& random);

/// Returns `samples` samples with `recording` at a random position, up to 12 % faster or slower, at a random level. A
/// recording that doesn't fit is cut at a random place. Half of the results contain one of `noises` (same rate, may be
/// empty) at 0 … 25 dB SNR; all contain a noise floor.
std::vector<float> alter_recording(std::span<const float> recording, std::size_t samples,
                                   const std::vector<Sound>& noises, std::mt19937_64& random);

/// Returns `samples` samples of one of `noises` (not empty) at a random level of −70 … −15 dBFS.
std::vector<float> draw_noise(const std::vector<Sound>& noises, std::size_t samples, std::mt19937_64& random);

/// Alters log-mel features (bands × steps): adds a random tilt and bump of a few dB, shifts them by up to two bands
/// (vocal tracts differ, and the training data has few speakers), and in half of the cases sets a random range of bands
/// to the mean (SpecAugment, arXiv 1904.08779). db: the size of one decibel in features.
void alter_colour(Matrix& features, float db, std::mt19937_64& random);
/// alter_colour(), and in half of the cases sets a random range of steps to the mean.
void alter_features(Matrix& features, float db, std::mt19937_64& random);
/// Replaces band b by the band at b + `lowest` (for the lowest band) … b + `highest` (for the highest band); the offset
/// changes linearly between them. Interpolates between bands and clamps at the edges.
void shift_bands(Matrix& features, double lowest, double highest);

}  // namespace gruve
