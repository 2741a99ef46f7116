#include "offline_search/tasks/words/operating_points.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <tuple>
#include <utility>

#include "datasets/support/parallel.h"
#include "engine/streaming/sensitivity.h"
#include "offline_search/tasks/words/alarms.h"
#include "offline_search/tasks/words/choose_detection.h"
#include "offline_search/tasks/words/judged_streams.h"
#include "offline_search/tasks/words/stream_score.h"
#include "offline_search/tasks/words/threshold_trials.h"

namespace gruve {
namespace {

constexpr float aimed_per_hour[] = {0.5f, 2.0f, 8.0f};
constexpr int furthest = 20;       // steps of the thresholds, up and down
constexpr double step_odds = 0.2;  // log-odds
constexpr int noises = 30;         // in which the other speech is heard
constexpr std::uint64_t seed = 1;  // thresholds are chosen with it, too
constexpr std::optional<double> snrs_db[] = {std::nullopt, 10.0, 0.0};
constexpr std::size_t moves = 2 * furthest + 1;

/// False alarms by how far the thresholds are moved: the first is the furthest down.
struct AlarmCurve {
    std::vector<std::uint32_t> alarms = std::vector<std::uint32_t>(moves);
    double heard_s = 0, recorded_s = 0;

    StreamCount at(int steps) const {
        return {alarms[static_cast<std::size_t>(steps + furthest)], heard_s, recorded_s, 0, 0};
    }
    /// The lowest move from which on there are at most this many alarms an hour.
    std::optional<int> lowest(double per_hour) const {
        int steps = furthest + 1;
        while (steps > -furthest && alarms_per_hour(at(steps - 1)) <= per_hour) --steps;
        return steps <= furthest ? std::optional(steps) : std::nullopt;
    }
};

/// What the preset hears where every detection is a false alarm.
class HeardNegatives {
public:
    HeardNegatives(const std::shared_ptr<const Network>& network, const WordRecordings& recordings,
                   std::span<const std::filesystem::path> negatives, int jobs)
        : network_(network), recordings_(recordings), negatives_(negatives), jobs_(jobs) {}

    /// Sets the words' thresholds to their levels. The order of the streams doesn't matter.
    void set_levels(Preset& preset) const {
        std::vector<std::vector<double>> segments;
        std::mutex mutex;
        const std::size_t labels = preset.labels.size(), words_from = preset.labels.front() == "other" ? 1 : 0;
        const double hop_s = std::round(static_cast<double>(preset.log_mel.hop_s) * preset.rate_hz) / preset.rate_hz;
        hear(std::make_shared<const Preset>(preset), [&](std::span<const float> heard) {
            const std::lock_guard lock(mutex);
            add_segments(heard, labels, hop_s, static_cast<double>(preset.detection.warm_up_s), segments);
        });
        const std::vector<double> levels = word_levels(segments, labels, words_from);
        for (std::size_t l = words_from; l < labels; ++l)
            preset.detection.threshold[l] = static_cast<float>(1.0 / (1.0 + std::exp(-levels[l])));
    }

    AlarmCurve curve(const std::shared_ptr<const Preset>& preset) const {
        const ThresholdTrials trials(*preset);
        AlarmCurve curve;
        std::mutex mutex;
        std::tie(curve.heard_s, curve.recorded_s) = hear(preset, [&](std::span<const float> heard) {
            for (int steps = -furthest; steps <= furthest; ++steps) {
                const auto found =
                    static_cast<std::uint32_t>(trials.detections(trials.moved(step_odds * steps), heard).size());
                const std::lock_guard lock(mutex);
                curve.alarms[static_cast<std::size_t>(steps + furthest)] += found;
            }
        });
        return curve;
    }

private:
    /// Calls `take` with the smoothed posteriors of each stream, from several threads at once. Returns the seconds
    /// heard, and those of different recordings.
    std::pair<double, double> hear(const std::shared_ptr<const Preset>& preset,
                                   const std::function<void(std::span<const float>)>& take) const {
        if (!negatives_.empty()) {
            const double heard_s = hear_files(*preset, network_, negatives_, jobs_, take);
            return {heard_s, heard_s};
        }
        double heard_s = 0;
        for (int noise = 0; noise < noises; ++noise) {
            const auto streams =
                negative_streams(recordings_, Split::validation, seed + static_cast<std::uint64_t>(noise));
            parallel_for(jobs_, static_cast<int>(streams.size()), [&](int i) {
                take(heard_in(preset, network_, streams[static_cast<std::size_t>(i)].samples));
            });
            for (const JudgedStream& stream : streams)
                heard_s += static_cast<double>(stream.samples.size()) / recordings_.rate_hz;
        }
        return {heard_s, heard_s / noises};
    }

    std::shared_ptr<const Network> network_;
    const WordRecordings& recordings_;
    std::span<const std::filesystem::path> negatives_;
    int jobs_;
};

/// The validation split's word streams as the preset hears them.
class HeardWords {
public:
    HeardWords(const std::shared_ptr<const Preset>& preset, const std::shared_ptr<const Network>& network,
               const WordRecordings& recordings, int jobs)
        : trials_(*preset), rate_hz_(recordings.rate_hz) {
        for (const auto& snr_db : snrs_db) {
            for (JudgedStream& stream : word_streams(recordings, Split::validation, snr_db, seed))
                streams_.push_back(std::move(stream));
            ends_.push_back(streams_.size());
        }
        heard_.resize(streams_.size());
        parallel_for(jobs, static_cast<int>(streams_.size()), [&](int i) {
            const auto at = static_cast<std::size_t>(i);
            heard_[at] = heard_in(preset, network, streams_[at].samples);
        });
    }

    std::vector<NoiseHits> hits(const std::vector<float>& threshold) const {
        std::vector<NoiseHits> hits;
        std::size_t i = 0;
        for (const std::size_t end : ends_) {
            NoiseHits& level = hits.emplace_back(NoiseHits{snrs_db[hits.size()]});
            for (; i < end; ++i) {
                const StreamScore score = score_stream(trials_.detections(threshold, heard_[i]), streams_[i], rate_hz_);
                level.hits += static_cast<std::uint32_t>(score.hits);
                level.words += static_cast<std::uint32_t>(score.words);
            }
        }
        return hits;
    }

    void count(StreamCount& counted, const std::vector<float>& threshold) const {
        for (const NoiseHits& level : hits(threshold)) {
            counted.hits += level.hits;
            counted.words += level.words;
        }
    }

private:
    ThresholdTrials trials_;
    int rate_hz_;
    std::vector<JudgedStream> streams_;
    std::vector<std::size_t> ends_;  // of the streams of each noise level
    std::vector<std::vector<float>> heard_;
};

}  // namespace

std::vector<SensitivityRow> choose_operating_points(Preset& preset, const WordRecordings& recordings,
                                                    std::span<const std::filesystem::path> negatives, int jobs,
                                                    double own_per_hour) {
    preset.detection.points.clear();
    preset.detection.counted = {};
    const auto network = std::make_shared<const Network>(preset.model);
    const HeardNegatives alarms(network, recordings, negatives, jobs);
    Preset levelled = preset;
    if (own_per_hour > 0) alarms.set_levels(levelled);
    const auto judged = std::make_shared<const Preset>(std::move(levelled));
    const AlarmCurve curve = alarms.curve(judged);
    if (!(curve.recorded_s > 0)) return {};
    const HeardWords words(judged, network, recordings, jobs);
    const ThresholdTrials trials(*judged);
    for (const float per_hour : aimed_per_hour) {
        const std::optional<int> steps = curve.lowest(per_hour);
        if (!steps) continue;
        OperatingPoint& point = preset.detection.points.emplace_back();
        point = {per_hour, trials.moved(step_odds * *steps), curve.at(*steps)};
        words.count(point.counted, point.threshold);
    }
    if (preset.detection.points.empty()) return {};
    const int own = own_per_hour > 0 ? curve.lowest(own_per_hour).value_or(furthest) : 0;
    preset.detection.threshold = trials.moved(step_odds * own);
    preset.detection.counted = curve.at(own);
    words.count(preset.detection.counted, preset.detection.threshold);
    std::vector<SensitivityRow> rows = sensitivity_rows(preset.detection);
    for (SensitivityRow& row : rows) row.by_noise = words.hits(row.threshold);
    return rows;
}

std::vector<SensitivityRow> sensitivity_rows(const DetectionConfig& config) {
    std::vector<SensitivityRow> rows;
    if (config.points.empty()) return rows;
    rows.push_back({usual_sensitivity, 0, config.threshold, config.counted, {}});
    for (std::size_t i = 0; i < config.points.size(); ++i) {
        const OperatingPoint& point = config.points[i];
        rows.push_back({sensitivity_of(config, i), point.alarms_per_hour, point.threshold, point.counted, {}});
    }
    std::ranges::stable_sort(rows, {}, &SensitivityRow::sensitivity);
    return rows;
}

double alarms_per_hour(const StreamCount& counted) {
    return counted.heard_s > 0 ? counted.alarms / (counted.heard_s / 3600) : 0;
}

Interval alarm_interval(const StreamCount& counted) {
    if (!(counted.recorded_s > 0)) return {0, INFINITY};
    return exact_hourly_interval(counted.alarms * counted.recorded_s / counted.heard_s, counted.recorded_s);
}

void fix_sensitivity(Preset& preset, float sensitivity) {
    std::vector<float> threshold(preset.detection.threshold.size());
    thresholds_at(preset.detection, sensitivity, threshold);
    preset.detection.threshold = std::move(threshold);
    preset.detection.points.clear();
    preset.detection.counted = {};
}

}  // namespace gruve
