#include "offline_search/denoise_judge.h"

#include <algorithm>
#include <limits>

#include "offline_search/metrics.h"
#include "offline_search/parallel.h"

namespace gruve {
namespace {

double hop_seconds(const DenoiserBands& bands, int rate_hz) { return static_cast<double>(bands.hop()) / rate_hz; }

}  // namespace

GainEstimator estimator(const FloatNetwork& network) {
    return [&network](const Matrix& features) { return network.forward(features); };
}

GainEstimator estimator(const Network& network) {
    return [&network](const Matrix& features) {
        Network::State state(network);
        Matrix gains(network.output_size(), features.cols());
        std::vector<std::int8_t> x_q(static_cast<std::size_t>(network.input_size()));
        std::vector<std::int16_t> y_q(static_cast<std::size_t>(network.output_size()));
        const InputQuantiser& quantise = network.model().input;
        const float scale = network.model().output_scale;
        for (Eigen::Index t = 0; t < features.cols(); ++t) {
            for (std::size_t i = 0; i < x_q.size(); ++i) x_q[i] = quantise(features(static_cast<Eigen::Index>(i), t));
            network.step(state, x_q, y_q);
            for (std::size_t b = 0; b < y_q.size(); ++b)
                gains(static_cast<Eigen::Index>(b), t) = std::clamp(static_cast<float>(y_q[b]) * scale, 0.0f, 1.0f);
        }
        return gains;
    };
}

DenoiseJudge::DenoiseJudge(const NoisySpeech& data, const DenoiserConfig& config, Split split, int count, double seconds, int jobs, int first)
    : config_(config), rate_hz_(data.rate_hz), mixtures_(static_cast<std::size_t>(count)) {
    parallel_for(jobs, count, [&](int i) {
        DenoiserBands bands(config_, rate_hz_);
        Mixture mixture = fixed_mixture(data, split, first + i, judged_snrs_db, seconds);
        Prepared& p = mixtures_[static_cast<std::size_t>(i)];
        p.snr_db = mixture.snr_db;
        p.frames = make_frames(bands, config_.net_every, mixture.noisy);
        const auto samples = static_cast<std::size_t>(complete_samples(bands, p.frames.frames()));
        p.clean = std::move(mixture.clean);
        p.noisy = std::move(mixture.noisy);
        p.clean.resize(samples);
        p.noisy.resize(samples);
        p.si_sdr_db = si_sdr_db(p.clean, p.noisy);
        p.stoi = stoi(p.clean, p.noisy, rate_hz_);
    });
}

long DenoiseJudge::steps() const {
    long steps = 0;
    for (const Prepared& p : mixtures_) steps += p.frames.features.cols();
    return steps;
}

std::vector<float> DenoiseJudge::enhance(const GainEstimator& gains, int index) const {
    DenoiserBands bands(config_, rate_hz_);
    const PlayedGains played(DenoiserSettings{}, config_.net_every, hop_seconds(bands, rate_hz_));
    const Prepared& p = mixtures_[static_cast<std::size_t>(index)];
    return apply_gains(bands, p.frames.noisy, played(gains(p.frames.features)));
}

std::vector<Judgement> DenoiseJudge::judge(const GainEstimator& gains, int jobs, bool with_stoi) const {
    std::vector<Judgement> result(mixtures_.size());
    parallel_for(jobs, size(), [&](int i) {
        const Prepared& p = mixtures_[static_cast<std::size_t>(i)];
        const std::vector<float> enhanced = enhance(gains, i);
        result[static_cast<std::size_t>(i)] = {p.snr_db, si_sdr_db(p.clean, enhanced) - p.si_sdr_db,
                                               with_stoi ? stoi(p.clean, enhanced, rate_hz_) - p.stoi
                                                         : std::numeric_limits<double>::quiet_NaN()};
    });
    return result;
}

}  // namespace gruve
