// Mixtures of clean speech and noise.
#pragma once

#include <random>
#include <vector>

#include "datasets/layouts/noisy_speech.h"

namespace gruve {

struct Mixture {
    std::vector<float> clean, noisy;  // of equal length, full scale ±1
    float snr_db = 0;
};

/// Mixture number `index` of a fixed list for validation and test. It is made of clips of `split` and takes its SNR
/// from snrs_db in turn; every caller gets the same. The speech is a sequence of one speaker's clips, the noise is one
/// recording (looped if it is too short), and the SNR is that of the whole excerpt. Throws DataError if the split has
/// no recordings.
Mixture fixed_mixture(const NoisySpeech&, Split split, int index, const std::vector<float>& snrs_db, double seconds);

/// A random mixture for training: random clips of Split::train, gain, SNR (−10..12 dB), EQ and speed. One noise in four
/// is synthetic or babble. A low noise floor fills the digital silence of gated speech. If the set has rooms, half of
/// the speech gets the reverberation of one, the clean target included: the task is to remove noise, not reverberation.
/// The result is determined by `random`; threads may call this at the same time, each with a generator of its own.
/// Throws DataError if Split::train has no recordings.
Mixture random_mixture(const NoisySpeech&, std::mt19937_64& random, double seconds);

}  // namespace gruve
