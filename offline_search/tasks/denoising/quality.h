// What a denoiser does to speech, to noise, to clean speech and to the first consonant after a silence.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "datasets/layouts/noisy_speech.h"
#include "engine/preset/preset.h"
#include "offline_search/network/float_network.h"
#include "offline_search/tasks/denoising/metrics.h"

namespace gruve {

/// Samples in → as many samples out, latency removed. Called from several threads.
using Enhancer = std::function<std::vector<float>(std::span<const float>)>;

/// A preset through gruve::Denoiser with its default settings. Throws std::invalid_argument for another kind of preset.
Enhancer preset_enhancer(const Preset&, int rate_hz);
/// A float network with the same front end, gains and synthesis; config as training uses it.
Enhancer float_enhancer(const FloatNetwork&, const DenoiserConfig&, int rate_hz);

/// Means over the mixtures of one SNR, or of all. The gains are over the noisy mixture.
struct QualityScores {
    MeanInterval si_sdr_db, si_sdr_gain_db, segmental_snr_db, segmental_snr_gain_db, stoi, stoi_gain;
    double stoi_falls = 0;  // share of files whose STOI falls by more than 0.01
};

struct DenoiseReport {
    struct AtSnr {
        float snr_db;
        QualityScores scores;
    };
    QualityScores all;
    std::vector<AtSnr> by_snr;
    double noise_attenuation_median_db = 0;           // noise alone, after its first second
    double noise_attenuation_weakest_quarter_db = 0;  // a quarter of the recordings get no more than this
    MeanInterval clean_si_sdr_db;                     // clean speech through it
    MeanInterval onset_gain_db;   // of the first 100 ms of speech after 10 s of noise 20 dB below it
    double onsets_surviving = 0;  // share of them turned down by less than 6 dB
};

/// `count` mixtures of `split` with the SNRs of judged_snrs_db in turn; onsets: one in four of them. Same result for any jobs.
DenoiseReport test_denoiser(const NoisySpeech&, Split split, int count, double seconds, const Enhancer&, int jobs);

/// Scores of given recordings, each clean, noisy (may be empty: then there are no gains) and enhanced, of equal lengths.
struct Trio {
    std::vector<float> clean, noisy, enhanced;
};
QualityScores quality_of(const std::vector<Trio>&, int rate_hz, int jobs);

}  // namespace gruve
