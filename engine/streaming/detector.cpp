#include "engine/streaming/detector.h"

#include <algorithm>
#include <cmath>

#include "engine/streaming/sensitivity.h"

namespace gruve {
namespace {
constexpr float re_arm_share = 0.5f;  // of the threshold; a label is armed again below it
}

Detector::Detector(const DetectionConfig& config, std::span<const std::string> labels, double hop_s)
    : config_(config),
      threshold_(config.threshold),
      sensitivity_(usual_sensitivity),
      first_label_(labels.front() == "other" ? 1 : 0),
      history_hops_(std::max(1L, std::lround(config.smoothing_s / hop_s))),
      refractory_hops_(std::lround(config.refractory_s / hop_s)),
      warm_up_hops_(static_cast<long>(std::ceil(config.warm_up_s / hop_s - 1e-6))),
      history_(labels.size() * static_cast<std::size_t>(history_hops_)),
      smoothed_(labels.size()),
      armed_(labels.size()) {
    reset();
}

void Detector::reset() noexcept {
    hops_ = 0;
    next_detection_ = warm_up_hops_;
    std::ranges::fill(history_, 0.0f);
    std::ranges::fill(smoothed_, 0.0f);
    std::ranges::fill(armed_, std::uint8_t{1});
}

void Detector::set_sensitivity(float sensitivity) noexcept {
    if (sensitivity == sensitivity_) return;
    sensitivity_ = sensitivity;
    thresholds_at(config_, sensitivity, threshold_);
}

int Detector::hear(std::span<const float> posteriors) noexcept {
    const std::size_t labels = smoothed_.size();
    std::ranges::copy(
        posteriors.first(labels),
        history_.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(hops_ % history_hops_) * labels));
    ++hops_;
    // Summed anew each hop, so that rounding errors do not accumulate over days.
    const long filled = static_cast<long>(std::min<std::int64_t>(hops_, history_hops_));
    std::ranges::fill(smoothed_, 0.0f);
    for (std::size_t at = 0; at < static_cast<std::size_t>(filled); ++at) {
        for (std::size_t l = 0; l < labels; ++l) smoothed_[l] += history_[at * labels + l];
    }
    for (float& p : smoothed_) p /= static_cast<float>(filled);

    re_arm();
    const int label = hops_ >= next_detection_ ? most_likely() : -1;
    if (label >= 0) {
        next_detection_ = hops_ + refractory_hops_;
        armed_[static_cast<std::size_t>(label)] = 0;
    }
    return label;
}

void Detector::re_arm() noexcept {
    for (std::size_t l = 0; l < smoothed_.size(); ++l) armed_[l] |= smoothed_[l] < re_arm_share * threshold_[l];
}

/// The most likely armed label that reaches its threshold, or −1.
int Detector::most_likely() const noexcept {
    int best = -1;
    for (int l = first_label_; l < static_cast<int>(smoothed_.size()); ++l) {
        const auto i = static_cast<std::size_t>(l);
        if (armed_[i] && smoothed_[i] >= threshold_[i] &&
            (best < 0 || smoothed_[i] > smoothed_[static_cast<std::size_t>(best)]))
            best = l;
    }
    return best;
}

}  // namespace gruve
