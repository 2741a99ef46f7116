// Detections at thresholds that are tried, from posteriors that a preset gave once.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/streaming/keyword_spotter.h"
#include "offline_search/tasks/words/stream_score.h"

namespace gruve {

/// The smoothed posteriors of each hop in a stream at the preset's rate: labels × hops.
std::vector<float> heard_in(const std::shared_ptr<const Preset>&, const std::shared_ptr<const Network>&,
                            std::span<const float> samples);

class ThresholdTrials {
public:
    explicit ThresholdTrials(const Preset&);

    /// What the preset would detect with these thresholds, one per label. heard: see heard_in().
    std::vector<TimedDetection> detections(const std::vector<float>& threshold, std::span<const float> heard) const;
    /// What it would detect if it listened for this word alone. heard: the word's smoothed posteriors only.
    std::vector<TimedDetection> detections_of(int label, float threshold, std::span<const float> heard) const;
    /// The preset's own thresholds, all moved by the same log-odds.
    std::vector<float> moved(double log_odds) const;

private:
    std::vector<TimedDetection> found_in(std::span<const float> heard, std::span<const std::string> labels,
                                         std::vector<float> threshold) const;

    std::vector<std::string> labels_;
    DetectionConfig config_;  // without smoothing, because the posteriors are smoothed
    double hop_s_;
};

}  // namespace gruve
