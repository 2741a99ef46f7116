#include "engine/streaming/denoiser_stage.h"

#include <algorithm>
#include <cmath>

#include "engine/support/elementary.h"
#include "engine/support/without_tiny.h"

namespace gruve {
namespace {

/// How far a one-pole smoother moves towards its target in `step_s`, as a share of the distance.
float smoothing_rate(float time_constant_s, double step_s) {
    return time_constant_s > 0.0f ? static_cast<float>(1.0 - elementary::exp(-step_s / time_constant_s)) : 1.0f;
}

constexpr float comb_db = 3.0f;  // a comb of equal shares reduces noise by this

std::span<float> parts(std::span<std::complex<float>> spectrum) {
    return {reinterpret_cast<float*>(spectrum.data()), 2 * spectrum.size()};
}

/// Delays whole frames of `floats` each.
DelayLine frame_delay(int frames, int floats) {
    return DelayLine(static_cast<std::size_t>(frames) * static_cast<std::size_t>(floats));
}

}  // namespace

DenoiserStage::DenoiserStage(const DenoiserConfig& config, const PlayableNetwork& network, double rate_hz)
    : config_(config),
      bands_(config, rate_hz),
      network_(stream_of(network)),
      spectra_(frame_delay(config.look_ahead, 2 * bands_.bins())),
      earlier_spectra_(frame_delay(config.look_ahead, 2 * bands_.earlier_bins())),
      gains_before_(frame_delay(config.look_ahead, bands_.bands())) {
    step_s_ = bands_.hop() / rate_hz;
    features_.resize(static_cast<std::size_t>(bands_.features()));
    wanted_.resize(static_cast<std::size_t>(config_.outputs()));
    gains_.resize(static_cast<std::size_t>(bands_.bands()));
    earlier_.resize(static_cast<std::size_t>(bands_.earlier_bins()));
    played_shares_.resize(shares().size());
    set({});
    reset();
}

void DenoiserStage::set(const DenoiserSettings& s) noexcept {
    comb_share_ = std::clamp(s.reduction_limit_db / comb_db, 0.0f, 1.0f);
    least_gain_ = s.reduction_limit_db >= 60.0f
                      ? 0.0f
                      : std::min(1.0f, static_cast<float>(elementary::exp10(-s.reduction_limit_db / 20.0f)));
    attack_ = smoothing_rate(s.attack_s, step_s_);
    release_ = smoothing_rate(s.release_s, step_s_);
}

void DenoiserStage::reset() noexcept {
    bands_.reset();
    network_->reset();
    first_frame_ = true;
    frame_of_step_ = 0;
    std::ranges::fill(gains_, 1.0f);
    std::ranges::fill(wanted_, 1.0f);
    for (; frame_of_step_ < config_.net_every; ++frame_of_step_) std::ranges::fill(shares(), 0.0f);
    frame_of_step_ = 0;
    spectra_.reset();
    earlier_spectra_.reset();
    gains_before_.reset(1.0f);
}

void DenoiserStage::hear(std::span<const std::complex<float>> spectrum) noexcept {
    if (frame_of_step_ != 0) return bands_.pass(spectrum);
    bands_.features(spectrum, features_);
    network_->step(features_, wanted_);
    const float scale = network_->output_scale();
    for (float& gain : wanted_) gain = std::clamp(gain * scale, 0.0f, 1.0f);
}

void DenoiserStage::delay(Spectrum spectrum, std::span<float> before) noexcept {
    spectra_.process(parts(spectrum));
    earlier_spectra_.process(parts(earlier_));
    gains_before_.process(before);
}

void DenoiserStage::smooth(std::span<const float> before) noexcept {
    const std::span<const float> wanted = this->wanted();
    for (std::size_t b = 0; b < gains_.size(); ++b) {
        float least = least_gain_;
        if (!before.empty() && least > 0) least = std::min(1.0f, least / before[b]);
        const float change = std::max(wanted[b], least) - gains_[b];
        gains_[b] = without_tiny(gains_[b] + (first_frame_ ? 1.0f : change > 0 ? attack_ : release_) * change);
    }
}

void DenoiserStage::play(Spectrum spectrum, std::span<float> total) noexcept {
    if (config_.comb) bands_.earlier(spectrum, earlier_);
    delay(spectrum, total);
    smooth(total);
    if (config_.comb) {
        std::ranges::transform(shares(), played_shares_.begin(), [&](float share) { return comb_share_ * share; });
        bands_.mix(played_shares_, earlier_, spectrum);
    }
    bands_.apply(gains_, spectrum);
    for (std::size_t b = 0; b < total.size(); ++b) total[b] *= gains_[b];
    frame_of_step_ = (frame_of_step_ + 1) % config_.net_every;
    first_frame_ = false;
}

}  // namespace gruve
