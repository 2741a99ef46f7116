// Measures a denoiser: on noisy speech, noise alone, clean speech, and the first consonant after a silence.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "datasets/layouts/noisy_speech.h"
#include "engine/preset/preset.h"
#include "offline_search/network/float_network.h"
#include "offline_search/tasks/denoising/measures/metrics.h"

namespace gruve {

/// Takes samples to the same number of samples, without latency. Called from several threads.
using Enhancer = std::function<std::vector<float>(std::span<const float>)>;

/// Runs a preset with gruve::Denoiser and default settings. Throws std::invalid_argument if it isn't a denoiser's.
Enhancer preset_enhancer(const Preset&, int rate_hz);
/// Runs a float network with the same front end, gains and synthesis. config: as in training. Throws
/// std::invalid_argument if the network has another shape.
Enhancer float_enhancer(const FloatNetwork&, const DenoiserConfig&, int rate_hz);

/// Means over mixtures. Gains are relative to the noisy mixture.
struct QualityScores {
    MeanInterval si_sdr_db, si_sdr_gain_db, segmental_snr_db, segmental_snr_gain_db, stoi, stoi_gain;
    double stoi_falls = 0;    // share of files whose STOI falls by more than 0.01
    double speech_muted = 0;  // share of files whose speech is turned down by more than 12 dB
    // high_band(), over the files whose clean speech has something there; the last: of the noisy files.
    MeanInterval high_level_db = {}, high_distance_db = {}, noisy_high_distance_db = {};
};

struct DenoiseReport {
    struct AtSnr {
        float snr_db;
        QualityScores scores;
    };
    QualityScores all;
    std::vector<AtSnr> by_snr;
    double noise_attenuation_median_db = 0;           // of noise alone, after its first second
    double noise_attenuation_weakest_quarter_db = 0;  // lower quartile over the recordings
    MeanInterval clean_si_sdr_db;                     // of enhanced clean speech
    MeanInterval onset_gain_db;   // in the first 100 ms of speech after 10 s of noise 20 dB below it
    double onsets_surviving = 0;  // share of the onsets that lose less than 6 dB
};

/// Tests on `count` mixtures of `split`, each `seconds` long, with the SNRs in turn; onsets on every fourth of them.
/// Same result for any jobs.
DenoiseReport test_denoiser(const NoisySpeech&, Split split, int count, const std::vector<float>& snrs_db,
                            double seconds, const Enhancer&, int jobs);

/// One recording, clean, noisy and enhanced, of equal lengths. noisy may be empty; there are no gains then.
struct Trio {
    std::vector<float> clean, noisy, enhanced;
};
/// Means over `count` recordings. `read` makes one of them, from several threads; each is dropped once it is judged, so
/// that memory doesn't grow with `count`. Same result for any jobs.
QualityScores quality_of(int count, const std::function<Trio(int)>& read, int rate_hz, int jobs);

}  // namespace gruve
