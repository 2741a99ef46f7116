// A fixed list of mixtures, ready to judge many networks quickly.
#pragma once

#include <functional>
#include <vector>

#include "datasets/noisy_speech.h"
#include "engine/network.h"
#include "offline_search/denoise_frames.h"
#include "offline_search/denoise_gains.h"

namespace gruve {

inline const std::vector<float> judged_snrs_db{-5, 0, 5, 10};

/// Features → band gains, 2·bands × steps → bands × steps. Called from several threads.
using GainEstimator = std::function<Matrix(const Matrix& features)>;
/// The float network's, and the integer network's exactly as gruve::Denoiser runs it.
GainEstimator estimator(const FloatNetwork&);
GainEstimator estimator(const Network&);

/// Of one mixture, enhanced.
struct Judgement {
    float snr_db = 0;
    double si_sdr_gain_db = 0, stoi_gain = 0;  // stoi_gain is NaN where it wasn't asked for
};

class DenoiseJudge {
public:
    /// `count` mixtures of `split`, SNRs in turn. Features and spectra are made once, on `jobs` threads.
    /// Mixtures first … first + count − 1 of the split.
    DenoiseJudge(const NoisySpeech&, const DenoiserConfig&, Split split, int count, double seconds, int jobs, int first = 0);

    /// What Denoiser plays with its default settings, without its latency, against the noisy mixture. Same for any jobs.
    std::vector<Judgement> judge(const GainEstimator&, int jobs, bool with_stoi = false) const;
    /// The enhanced samples of one mixture.
    std::vector<float> enhance(const GainEstimator&, int index) const;
    /// Network steps of one judge().
    long steps() const;
    int size() const { return static_cast<int>(mixtures_.size()); }

private:
    struct Prepared {
        float snr_db = 0;
        DenoiseFrames frames;
        std::vector<float> clean, noisy;  // complete_samples()
        double si_sdr_db = 0, stoi = 0;   // of the noisy samples
    };
    DenoiserConfig config_;
    int rate_hz_;
    std::vector<Prepared> mixtures_;
};

}  // namespace gruve
