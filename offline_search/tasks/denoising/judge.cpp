#include "offline_search/tasks/denoising/judge.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "datasets/mixing/mixer.h"
#include "datasets/mixing/mixture.h"
#include "datasets/support/parallel.h"
#include "offline_search/tasks/denoising/measures/metrics.h"
#include "offline_search/tasks/denoising/measures/perceptual_loss.h"
#include "offline_search/tasks/denoising/measures/spectral_loss.h"
#include "offline_search/tasks/run_sequences.h"

namespace gruve {
namespace {

/// Mixtures that run through the network together.
constexpr int together = 8;
constexpr double not_asked = std::numeric_limits<double>::quiet_NaN();

}  // namespace

DenoiseJudge::DenoiseJudge(const NoisySpeech& data, const DenoiserConfig& config, const FirstStage* before, Split split,
                           int count, double seconds, int jobs, int from, bool hears)
    : config_(config), rate_hz_(data.rate_hz), mixtures_(static_cast<std::size_t>(count)) {
    parallel_for(jobs, count, [&](int i) {
        FrameMaker maker(config_, before, rate_hz_);
        Mixture mixture = fixed_mixture(data, split, from + i, judged_snrs_db, seconds);
        Prepared& p = mixtures_[static_cast<std::size_t>(i)];
        p.snr_db = mixture.snr_db;
        p.frames = maker(mixture.noisy);
        const auto samples = static_cast<std::size_t>(complete_samples(maker.bands, p.frames.frames()));
        p.clean = std::move(mixture.clean);
        p.noisy = std::move(mixture.noisy);
        p.clean.resize(samples);
        p.noisy.resize(samples);
        p.si_sdr_db = si_sdr_db(p.clean, p.noisy);
        p.level = std::max(rms(p.clean), 1e-5);
        p.stoi = p.intelligibility.emplace(p.clean, rate_hz_).of(p.noisy);
        if (hears) p.points = p.heard.emplace(p.clean, rate_hz_).of(p.noisy);
    });
}

long DenoiseJudge::steps() const {
    long steps = 0;
    for (const Prepared& p : mixtures_) steps += static_cast<long>(p.frames.features.cols());
    return steps;
}

std::shared_ptr<const DenoiseJudge::QuantisedFeatures> DenoiseJudge::quantised(const InputQuantiser& quantise) const {
    constexpr std::size_t most_kept = 8;  // a search uses seven input widths
    const std::lock_guard lock(mutex_);
    for (const auto& [key, features] : quantised_)
        if (key == quantise) return features;
    if (quantised_.size() >= most_kept) quantised_.clear();
    auto made = std::make_shared<QuantisedFeatures>();
    for (const Prepared& p : mixtures_) {
        auto& x_q = made->emplace_back(static_cast<std::size_t>(p.frames.features.size()));
        std::transform(p.frames.features.data(), p.frames.features.data() + x_q.size(), x_q.begin(), quantise);
    }
    quantised_.emplace_back(quantise, made);
    return made;
}

std::vector<Matrix> DenoiseJudge::gains_of(const Network& network, std::span<const int> which) const {
    const auto features = quantised(network.model().input);
    std::vector<IntegerSequence> sequences;
    std::vector<Matrix> gains;
    for (const int i : which) {
        const auto k = static_cast<std::size_t>(i);
        const int steps = static_cast<int>(mixtures_[k].frames.features.cols());
        sequences.push_back({(*features)[k].data(), steps, steps});
        gains.emplace_back(network.output_size(), steps);
    }
    const float scale = network.model().output_scale;
    run_sequences(network, sequences, [&](int i, int step, std::span<const std::int16_t> y_q) {
        float* to = gains[static_cast<std::size_t>(i)].col(step).data();
        for (std::size_t b = 0; b < y_q.size(); ++b) to[b] = std::clamp(static_cast<float>(y_q[b]) * scale, 0.0f, 1.0f);
    });
    return gains;
}

std::vector<float> DenoiseJudge::enhance(DenoiserBands& bands, const Prepared& p, const Matrix& gains,
                                         const DenoiserSettings& settings) const {
    const double hop_s = static_cast<double>(bands.hop()) / rate_hz_;
    return gruve::enhance(bands, p.frames, PlayedGains(settings, config_, hop_s)(gains));
}

std::vector<float> DenoiseJudge::enhance(const Network& network, int index) const {
    DenoiserBands bands(config_, rate_hz_);
    return enhance(bands, mixtures_[static_cast<std::size_t>(index)], gains_of(network, std::span(&index, 1)).front(),
                   {});
}

std::vector<Judgement> DenoiseJudge::judge(const Gains& gains_of, std::span<const int> which,
                                           const Listening& listening) const {
    DenoiserBands bands(config_, rate_hz_);
    const std::vector<Matrix> gains = gains_of(which);
    std::vector<Judgement> result;
    for (std::size_t k = 0; k < which.size(); ++k) {
        const Prepared& p = mixtures_[static_cast<std::size_t>(which[k])];
        const std::vector<float> enhanced = enhance(bands, p, gains[k], listening.settings);
        result.push_back(
            {.snr_db = p.snr_db,
             .si_sdr_gain_db = si_sdr_db(p.clean, enhanced) - p.si_sdr_db,
             .stoi_gain = listening.stoi ? p.intelligibility->of(enhanced) - p.stoi : not_asked,
             .spectral_loss = listening.spectral_loss ? SpectralLoss(rate_hz_)(p.clean, enhanced, p.level) : not_asked,
             .disturbance = listening.disturbance ? PerceptualLoss(p.clean, rate_hz_)(enhanced) : not_asked,
             .heard_gain = p.heard ? p.heard->of(enhanced) - p.points : not_asked});
    }
    return result;
}

std::vector<Judgement> DenoiseJudge::judge(const Gains& gains_of, int jobs, const Listening& listening) const {
    std::vector<Judgement> result(mixtures_.size());
    parallel_for(jobs, (size() + together - 1) / together, [&](int piece) {
        const int first = piece * together, last = std::min(size(), first + together);
        std::vector<int> which(static_cast<std::size_t>(last - first));
        std::iota(which.begin(), which.end(), first);
        std::ranges::move(judge(gains_of, which, listening), result.begin() + first);
    });
    return result;
}

std::vector<Judgement> DenoiseJudge::judge(const FloatNetwork& network, int jobs, const Listening& listening) const {
    return judge(
        [&](std::span<const int> which) {
            std::vector<Matrix> gains;
            for (const int i : which)
                gains.push_back(network.forward(mixtures_[static_cast<std::size_t>(i)].frames.features));
            return gains;
        },
        jobs, listening);
}

std::vector<Judgement> DenoiseJudge::judge(const Network& network, int jobs) const {
    return judge([&](std::span<const int> which) { return gains_of(network, which); }, jobs, {});
}

std::vector<Judgement> DenoiseJudge::judge(const Network& network, std::span<const int> which) const {
    std::vector<Judgement> result;
    for (std::size_t first = 0; first < which.size(); first += together) {
        const auto some = which.subspan(first, std::min<std::size_t>(together, which.size() - first));
        const auto judged = judge([&](std::span<const int> of) { return gains_of(network, of); }, some, Listening());
        result.insert(result.end(), judged.begin(), judged.end());
    }
    return result;
}

}  // namespace gruve
