// Detections against the words that were there.
#pragma once

#include <span>
#include <vector>

#include "engine/streaming/keyword_spotter.h"
#include "offline_search/tasks/words/judged_streams.h"

namespace gruve {

struct TimedDetection {
    int label = 0;
    double time_s = 0;
};

struct StreamScore {
    int words = 0, hits = 0, false_alarms = 0;
    double seconds = 0;
    std::vector<double> delays_s;  // of the hits, after the word's end
    void add(const StreamScore&);
    double median_delay_s() const { return delay_quantile_s(0.5); }
    double delay_quantile_s(double share) const;  // NaN without hits
};

/// A hit: the first detection of the right label between a word's beginning and 0.75 s after its end. Every other detection is a false
/// alarm, a word's second one too. Detections in order of time.
StreamScore score_stream(std::span<const TimedDetection>, const JudgedStream&, int rate_hz);

/// What a preset hears in a stream at this rate.
std::vector<TimedDetection> detections_in(const Preset&, std::shared_ptr<const Network>, std::span<const float> samples,
                                          int rate_hz);
/// Over several streams, `jobs` at a time.
StreamScore score_streams(const Preset&, std::shared_ptr<const Network>, const std::vector<JudgedStream>&, int rate_hz,
                          int jobs);

struct Interval {
    double low = 0, high = 0;
};
/// Wilson's 95 % interval of a share: sound near 0 and 1 too.
Interval wilson_interval(int count, int n);
/// 95 % interval of events per hour (Poisson; the chi-squared quantiles by Wilson and Hilferty's approximation, exact for none).
Interval hourly_interval(int events, double seconds);

}  // namespace gruve
