// Clean speech and noise, mixed on the fly.
#pragma once

#include <random>
#include <vector>

#include "datasets/layouts/noisy_speech.h"

namespace gruve {

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

}  // namespace gruve
