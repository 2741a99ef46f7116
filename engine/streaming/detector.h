// From the posteriors of each hop to detections: smoothing, thresholds, re-arming, refractory time, warm-up. The search
// chooses these settings with the same class.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/preset/preset.h"

namespace gruve {

class Detector {
public:
    /// config: one threshold per label. hop_s: seconds between two calls of hear(). If the first label is "other", it
    /// is never detected.
    Detector(const DetectionConfig&, std::span<const std::string> labels, double hop_s);

    /// posteriors: those of the next hop, one per label. Returns the label detected now, or −1. A detected label is not
    /// detected again until its smoothed posterior has fallen below half its threshold, because networks often repeat a
    /// word in the silence after it. Real-time safe.
    int hear(std::span<const float> posteriors) noexcept;
    /// From the next hop on, the thresholds are those of this sensitivity (sensitivity.h). Real-time safe.
    void set_sensitivity(float) noexcept;
    /// Back to the state after construction; the sensitivity stays. Real-time safe.
    void reset() noexcept;
    /// Mean posteriors of the last smoothing window, one per label.
    std::span<const float> smoothed() const noexcept { return smoothed_; }
    /// Hops since the last reset.
    std::int64_t hops() const noexcept { return hops_; }

private:
    int most_likely() const noexcept;
    void re_arm() noexcept;

    DetectionConfig config_;
    std::vector<float> threshold_;  // at the present sensitivity
    float sensitivity_;
    int first_label_ = 0;
    long history_hops_ = 1, refractory_hops_ = 0, warm_up_hops_ = 0;
    std::int64_t hops_ = 0, next_detection_ = 0;  // next_detection_: first hop, counted from 1, that may detect
    std::vector<float> history_;                  // a ring of the last history_hops_ posteriors
    std::vector<float> smoothed_;
    std::vector<std::uint8_t> armed_;  // per label: whether it may be detected
};

}  // namespace gruve
