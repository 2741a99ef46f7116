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

/// How varied training mixtures are. Shares are probabilities, 0 … 1.
struct MixtureVariety {
    double second_noise = 0.25;    // share of mixtures with two noises at once
    double babble = 0.05;          // share of noises that are several voices; another 0.2 are synthetic
    int most_voices = 7;           // in babble, at least 3
    double rooms = 0.5;            // share of speech that is played in a room, if the set has any
    double noise_moves = 0;        // share of mixtures whose noise changes its level by up to ±6 dB
    double speech_moves = 0;       // the same for speech, up to ±4 dB
    double highest_snr_db = 12.0;  // the lowest is −10 dB
    bool operator==(const MixtureVariety&) const = default;
};

/// A random training mixture: clips and noise of Split::train with random level, SNR, equalisation and speed. A noise
/// floor lies 45 … 70 dB below the speech. Speech in a room keeps its reverberation in the clean target: the task is
/// to remove noise, not rooms. The result depends on `random` and the variety only. May be called from several threads,
/// each with its own `random`. Throws DataError if the training split has no recordings.
Mixture random_mixture(const NoisySpeech&, std::mt19937_64& random, double seconds, const MixtureVariety& = {});

}  // namespace gruve
