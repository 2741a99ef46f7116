// A fixed list of mixtures, ready to judge many networks quickly.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "datasets/layouts/noisy_speech.h"
#include "engine/kernels/network.h"
#include "offline_search/tasks/denoising/frames.h"
#include "offline_search/tasks/denoising/gains.h"
#include "offline_search/tasks/denoising/stoi.h"

namespace gruve {

inline const std::vector<float> judged_snrs_db{-5, 0, 5, 10};

/// Of one mixture, enhanced.
struct Judgement {
    float snr_db = 0;
    double si_sdr_gain_db = 0, stoi_gain = 0;  // stoi_gain is NaN where it wasn't asked for
};

class DenoiseJudge {
public:
    /// `count` mixtures of `split`, SNRs in turn. Features and spectra are made once, on `jobs` threads.
    /// Mixtures first … first + count − 1 of the split.
    DenoiseJudge(const NoisySpeech&, const DenoiserConfig&, Split split, int count, double seconds, int jobs,
                 int first = 0);

    /// What Denoiser plays with its default settings, without its latency, against the noisy mixture. Same for any jobs.
    std::vector<Judgement> judge(const FloatNetwork&, int jobs, bool with_stoi = false) const;
    /// The integer network exactly as Denoiser runs it. Safe on several threads at once.
    std::vector<Judgement> judge(const Network&, int jobs) const;
    /// The enhanced samples of one mixture.
    std::vector<float> enhance(const Network&, int index) const;
    /// Network steps of one judge().
    long steps() const;
    int size() const { return static_cast<int>(mixtures_.size()); }

private:
    struct Prepared {
        float snr_db = 0;
        DenoiseFrames frames;
        std::vector<float> clean, noisy;  // complete_samples()
        std::optional<Stoi> intelligibility;
        double si_sdr_db = 0, stoi = 0;  // of the noisy samples
    };
    /// Of mixtures first … last − 1, bands × steps each.
    using Gains = std::function<std::vector<Matrix>(int first, int last)>;
    std::vector<Judgement> judge(const Gains&, int jobs, bool with_stoi) const;
    std::vector<Matrix> gains_of(const Network&, int first, int last) const;
    std::vector<float> enhance(DenoiserBands&, const Prepared&, const Matrix& gains) const;
    /// Every mixture's features as a network of this quantiser hears them: a search meets few of those.
    using QuantisedFeatures = std::vector<std::vector<std::int8_t>>;
    std::shared_ptr<const QuantisedFeatures> quantised(const InputQuantiser&) const;

    DenoiserConfig config_;
    int rate_hz_;
    std::vector<Prepared> mixtures_;
    mutable std::mutex mutex_;  // guards what follows
    mutable std::vector<std::pair<InputQuantiser, std::shared_ptr<const QuantisedFeatures>>> quantised_;
};

}  // namespace gruve
