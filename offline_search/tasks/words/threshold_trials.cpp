#include "offline_search/tasks/words/threshold_trials.h"

#include <cmath>

#include "engine/streaming/detector.h"
#include "engine/streaming/sensitivity.h"

namespace gruve {

std::vector<float> heard_in(const std::shared_ptr<const Preset>& preset, const std::shared_ptr<const Network>& network,
                            std::span<const float> samples) {
    KeywordSpotter spotter(preset, network, preset->rate_hz);
    const auto hop = static_cast<std::size_t>(spotter.hop());
    std::vector<float> heard;
    for (std::size_t at = 0; at + hop <= samples.size(); at += hop) {
        spotter.process(samples.subspan(at, hop), {});
        heard.insert(heard.end(), spotter.posteriors().begin(), spotter.posteriors().end());
    }
    return heard;
}

ThresholdTrials::ThresholdTrials(const Preset& preset)
    : labels_(preset.labels),
      config_(preset.detection),
      hop_s_(std::round(static_cast<double>(preset.log_mel.hop_s) * preset.rate_hz) / preset.rate_hz) {
    config_.smoothing_s = 0;
    config_.points.clear();
}

std::vector<TimedDetection> ThresholdTrials::detections(const std::vector<float>& threshold,
                                                        std::span<const float> heard) const {
    return found_in(heard, labels_, threshold);
}

std::vector<TimedDetection> ThresholdTrials::detections_of(int label, float threshold,
                                                           std::span<const float> heard) const {
    std::vector<TimedDetection> found =
        found_in(heard, std::span(labels_).subspan(static_cast<std::size_t>(label), 1), {threshold});
    for (TimedDetection& detection : found) detection.label = label;
    return found;
}

std::vector<TimedDetection> ThresholdTrials::found_in(std::span<const float> heard, std::span<const std::string> labels,
                                                      std::vector<float> threshold) const {
    DetectionConfig config = config_;
    config.threshold = std::move(threshold);
    Detector detector(config, labels, hop_s_);
    std::vector<TimedDetection> found;
    for (std::size_t at = 0; at < heard.size(); at += labels.size()) {
        const int label = detector.hear(heard.subspan(at, labels.size()));
        if (label >= 0) found.push_back({label, static_cast<double>(detector.hops()) * hop_s_});
    }
    return found;
}

std::vector<float> ThresholdTrials::moved(double log_odds) const {
    std::vector<float> threshold = config_.threshold;
    for (float& p : threshold) p = moved_threshold(p, log_odds);
    return threshold;
}

}  // namespace gruve
