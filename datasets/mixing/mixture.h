// Mixtures of clean speech and noise, made on the fly.
#pragma once

#include <random>
#include <vector>

#include "datasets/layouts/noisy_speech.h"

namespace gruve {

struct Mixture {
    std::vector<float> clean, noisy;  // equal lengths
    float snr_db = 0;
};

/// The mixture number `index` of a fixed list, for judging. Every caller gets the same mixture. The SNRs are used in
/// turn. Speech: clips of one speaker of `split`, one after another, at −26 dBFS. Noise: one recording, looped if it is
/// too short. The SNR is that of the whole excerpt. Throws DataError if the split has no recordings.
Mixture fixed_mixture(const NoisySpeech&, Split split, int index, const std::vector<float>& snrs_db, double seconds);

/// A random training mixture: clips and noise of Split::train with random level, SNR (−10 … 12 dB), equalisation and
/// speed. One noise in four is synthetic or babble. A noise floor lies 45 … 70 dB below the speech. If the set has
/// rooms, half of the speech is reverberant, and so is its clean target: the task is to remove noise, not rooms. The
/// result depends on `random` only. May be called from several threads, each with its own `random`.
/// Throws DataError if the training split has no recordings.
Mixture random_mixture(const NoisySpeech&, std::mt19937_64& random, double seconds);

}  // namespace gruve
