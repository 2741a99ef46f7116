// Scores many networks quickly on a fixed list of mixtures.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "datasets/layouts/noisy_speech.h"
#include "engine/kernels/network.h"
#include "offline_search/tasks/denoising/frames.h"
#include "offline_search/tasks/denoising/gains.h"
#include "offline_search/tasks/denoising/measures/heard.h"
#include "offline_search/tasks/denoising/measures/stoi.h"

namespace gruve {

/// The SNRs of the mixtures, in turn.
inline const std::vector<float> judged_snrs_db{-5, 0, 5, 10};

/// The scores of one enhanced mixture. Gains are relative to the noisy mixture.
struct Judgement {
    float snr_db = 0;
    double si_sdr_gain_db = 0;
    /// As SpectralLoss and PerceptualLoss have them. Each of these three is NaN if it wasn't asked for.
    double stoi_gain = 0, spectral_loss = 0, disturbance = 0;
    double heard_gain = 0;  // in HeardMeasure's points; NaN unless the judge was made to hear
};

/// What takes longer to judge than SI-SDR, and the settings to play with.
struct Listening {
    DenoiserSettings settings;
    bool stoi = false, spectral_loss = false;
    bool disturbance = false;  // only at 16 kHz
};

class DenoiseJudge {
public:
    /// The mixtures from … from + count − 1 of `split`, each `seconds` long. Computes features and spectra once, on
    /// `jobs` threads. before: the first stage, or null. hears: also judges what is heard (HeardMeasure).
    DenoiseJudge(const NoisySpeech&, const DenoiserConfig&, const FirstStage* before, Split split, int count,
                 double seconds, int jobs, int from = 0, bool hears = false);

    /// Enhances the mixtures as Denoiser does, without its latency. Same result for any jobs.
    std::vector<Judgement> judge(const FloatNetwork&, int jobs, const Listening& = {}) const;
    /// The integer network exactly as Denoiser runs it. Safe on several threads at once.
    std::vector<Judgement> judge(const Network&, int jobs) const;
    /// The same of some of the mixtures, `which`, in that order. On one thread.
    std::vector<Judgement> judge(const Network&, std::span<const int> which) const;
    /// The enhanced samples of one mixture.
    std::vector<float> enhance(const Network&, int index) const;
    /// Network steps of all mixtures.
    long steps() const;
    int size() const { return static_cast<int>(mixtures_.size()); }

private:
    struct Prepared {
        float snr_db = 0;
        DenoiseFrames frames;
        std::vector<float> clean, noisy;  // complete_samples()
        std::optional<Stoi> intelligibility;
        std::optional<HeardMeasure> heard;           // of a judge that hears
        double si_sdr_db = 0, stoi = 0, points = 0;  // of the noisy mixture
        double level = 1;                            // root mean square of the speech
    };
    /// Returns the gains of the mixtures `which`, bands × steps each.
    using Gains = std::function<std::vector<Matrix>(std::span<const int> which)>;
    std::vector<Judgement> judge(const Gains&, int jobs, const Listening&) const;
    std::vector<Judgement> judge(const Gains&, std::span<const int> which, const Listening&) const;
    std::vector<Matrix> gains_of(const Network&, std::span<const int> which) const;
    std::vector<float> enhance(DenoiserBands&, const Prepared&, const Matrix& gains, const DenoiserSettings&) const;
    /// The features of all mixtures, quantised for a network. Cached, because a search uses few input quantisers.
    using QuantisedFeatures = std::vector<std::vector<std::int8_t>>;
    std::shared_ptr<const QuantisedFeatures> quantised(const InputQuantiser&) const;

    DenoiserConfig config_;
    int rate_hz_;
    std::vector<Prepared> mixtures_;
    mutable std::mutex mutex_;  // guards the member below
    mutable std::vector<std::pair<InputQuantiser, std::shared_ptr<const QuantisedFeatures>>> quantised_;
};

}  // namespace gruve
