#include "offline_search/tasks/words/stream_score.h"

#include <algorithm>
#include <limits>

#include "datasets/support/parallel.h"

namespace gruve {
namespace {
constexpr double latest_s = 0.75;  // of a hit, after the end of the word
}

void StreamScore::add(const StreamScore& other) {
    words += other.words, hits += other.hits, false_alarms += other.false_alarms, seconds += other.seconds;
    delays_s.insert(delays_s.end(), other.delays_s.begin(), other.delays_s.end());
}

double StreamScore::delay_quantile_s(double share) const {
    if (delays_s.empty()) return std::numeric_limits<double>::quiet_NaN();
    std::vector<double> sorted = delays_s;
    std::ranges::sort(sorted);
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1) + 0.5)];
}

StreamScore score_stream(std::span<const TimedDetection> detections, const JudgedStream& stream, int rate_hz) {
    StreamScore score;
    score.words = static_cast<int>(stream.words.size());
    score.seconds = static_cast<double>(stream.samples.size()) / rate_hz;
    std::vector<bool> hit(stream.words.size());
    std::size_t first = 0;
    for (const TimedDetection& d : detections) {
        while (first < stream.words.size() && stream.words[first].end_s + latest_s < d.time_s) ++first;
        bool right = false;
        for (std::size_t w = first; w < stream.words.size() && stream.words[w].begin_s <= d.time_s && !right; ++w) {
            if (stream.words[w].label != d.label || hit[w]) continue;
            right = hit[w] = true;
            ++score.hits;
            score.delays_s.push_back(d.time_s - stream.words[w].end_s);
        }
        score.false_alarms += !right;
    }
    return score;
}

std::vector<TimedDetection> detections_in(const Preset& preset, std::shared_ptr<const Network> network,
                                          std::span<const float> samples, int rate_hz) {
    KeywordSpotter spotter(std::make_shared<const Preset>(preset), std::move(network), rate_hz);
    std::vector<Detection> found(1);
    std::vector<TimedDetection> all;
    const auto hop = static_cast<std::size_t>(spotter.hop());
    for (std::size_t at = 0; at < samples.size(); at += hop) {
        if (spotter.process(samples.subspan(at, std::min(hop, samples.size() - at)), found) > 0)
            all.push_back({found[0].label, static_cast<double>(found[0].sample) / rate_hz});
    }
    return all;
}

StreamScore score_streams(const Preset& preset, std::shared_ptr<const Network> network,
                          const std::vector<JudgedStream>& streams, int rate_hz, int jobs) {
    std::vector<StreamScore> scores(streams.size());
    parallel_for(jobs, static_cast<int>(streams.size()), [&](int i) {
        const JudgedStream& stream = streams[static_cast<std::size_t>(i)];
        scores[static_cast<std::size_t>(i)] =
            score_stream(detections_in(preset, network, stream.samples, rate_hz), stream, rate_hz);
    });
    StreamScore all;
    for (const StreamScore& score : scores) all.add(score);
    return all;
}

}  // namespace gruve
