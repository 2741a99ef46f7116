// Posteriors of each hop → detections: smoothing, thresholds, re-arming, refractory time, warm-up. The search tries its settings with the
// same class.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/preset/preset.h"

namespace gruve {

class Detector {
public:
    /// One threshold a label. The first label may be "other", which is never detected.
    Detector(const DetectionConfig&, std::span<const std::string> labels, double hop_s);

    /// Posteriors of the next hop, one a label. The label detected now, or −1. A label that was detected isn't again until its smoothed
    /// posterior has fallen below half its threshold: what a network goes on saying in the silence after a word is no second word. Real-time safe.
    int hear(std::span<const float> posteriors) noexcept;
    void reset() noexcept;
    /// Mean over the last smoothing window.
    std::span<const float> smoothed() const noexcept { return smoothed_; }
    std::int64_t hops() const noexcept { return hops_; }  // heard since reset

private:
    int likeliest() const noexcept;
    void re_arm() noexcept;

    std::vector<float> threshold_;
    int first_label_ = 0;
    long history_hops_ = 1, refractory_hops_ = 0, warm_up_hops_ = 0;
    std::int64_t hops_ = 0, next_detection_ = 0;  // the first hop (counted from 1) that may detect
    std::vector<float> history_;                  // a ring of the last history_hops_ posteriors
    std::vector<float> smoothed_;
    std::vector<std::uint8_t> armed_;  // per label: may be detected
};

}  // namespace gruve
