// Hits and false alarms of a keyword preset in streams with known words.
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
    std::vector<double> delays_s;  // of the hits, from the end of the word
    void add(const StreamScore&);
    double median_delay_s() const { return delay_quantile_s(0.5); }
    double delay_quantile_s(double share) const;  // NaN without hits
};

/// A hit is the first detection of the right label between the beginning of a word and 0.75 s after its end. Every
/// other detection is a false alarm, including a second one of the same word. Detections must be in order of time.
StreamScore score_stream(std::span<const TimedDetection>, const JudgedStream&, int rate_hz);

/// The detections of a preset in a stream at this rate.
std::vector<TimedDetection> detections_in(const Preset&, std::shared_ptr<const Network>, std::span<const float> samples,
                                          int rate_hz);
/// The total over several streams, `jobs` at a time. Same result for any jobs.
StreamScore score_streams(const Preset&, std::shared_ptr<const Network>, const std::vector<JudgedStream>&, int rate_hz,
                          int jobs);

}  // namespace gruve
