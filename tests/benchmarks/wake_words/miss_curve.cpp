#include "tests/benchmarks/wake_words/miss_curve.h"

#include <algorithm>
#include <memory>

#include "datasets/support/parallel.h"
#include "offline_search/tasks/words/threshold_trials.h"

namespace gruve::benchmarks {
namespace {

constexpr double latest_s = 0.5;  // of a hit, after the end of the clip
constexpr double step_odds = 0.25;
constexpr int lowest = -12, highest = 48;  // moves, in steps of the log-odds

void add_to(std::vector<int>& to, const std::vector<int>& from) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
}

}  // namespace

void WordCounts::add(const WordCounts& other) {
    add_to(clips, other.clips), add_to(hits, other.hits), add_to(alarms, other.alarms);
}

WordCounts counts_of(std::span<const TimedDetection> detections, std::span<const StreamedWord> words,
                     std::size_t labels) {
    WordCounts counts(labels);
    for (const StreamedWord& word : words) ++counts.clips[static_cast<std::size_t>(word.label)];
    std::vector<bool> hit(words.size());
    for (const TimedDetection& found : detections) {
        bool right = false;
        for (std::size_t w = 0; w < words.size(); ++w) {
            const StreamedWord& word = words[w];
            if (word.label != found.label || found.time_s < word.begin_s || found.time_s > word.end_s + latest_s)
                continue;
            right = true;
            if (!hit[w]) ++counts.hits[static_cast<std::size_t>(word.label)];
            hit[w] = true;
        }
        if (!right) ++counts.alarms[static_cast<std::size_t>(found.label)];
    }
    return counts;
}

WordCounts MissCurve::at(double alarms_per_hour) const {
    WordCounts chosen = by_move.back();
    for (std::size_t label = 0; label < chosen.clips.size(); ++label) {
        chosen.hits[label] = chosen.alarms[label] = 0;
        for (std::size_t move = by_move.size(); move-- > 0;) {
            if (by_move[move].alarms[label] > alarms_per_hour * seconds / 3600) break;
            chosen.hits[label] = by_move[move].hits[label];
            chosen.alarms[label] = by_move[move].alarms[label];
        }
    }
    return chosen;
}

MissCurve miss_curve(const Preset& preset, const BenchmarkStreams& streams, int jobs) {
    const auto shared = std::make_shared<const Preset>(preset);
    const auto network = std::make_shared<const Network>(preset.model);
    const ThresholdTrials trials(preset);
    constexpr auto moves = static_cast<std::size_t>(highest - lowest + 1);
    struct Part {
        std::vector<WordCounts> by_move;
        double seconds = 0;
    };
    std::vector<Part> parts(static_cast<std::size_t>(streams.count()));
    parallel_for(jobs, streams.count(), [&](int i) {
        const JudgedStream stream = streams.stream(i);
        const std::vector<float> heard = heard_in(shared, network, stream.samples);
        Part& part = parts[static_cast<std::size_t>(i)];
        part.seconds = static_cast<double>(stream.samples.size()) / streams.rate_hz();
        for (int move = lowest; move <= highest; ++move)
            part.by_move.push_back(counts_of(trials.detections(trials.moved(step_odds * move), heard), stream.words,
                                             preset.labels.size()));
    });
    MissCurve curve;
    curve.by_move.assign(moves, WordCounts(preset.labels.size()));
    curve.own_move = static_cast<std::size_t>(-lowest);
    for (const Part& part : parts) {
        curve.seconds += part.seconds;
        for (std::size_t move = 0; move < moves; ++move) curve.by_move[move].add(part.by_move[move]);
    }
    return curve;
}

Missed missed_in(const WordCounts& counts) {
    Missed all;
    int words = 0;
    for (std::size_t label = 0; label < counts.clips.size(); ++label) {
        if (counts.clips[label] == 0) continue;
        const int missed = counts.clips[label] - counts.hits[label];
        all.missed += missed, all.clips += counts.clips[label];
        all.mean_share += static_cast<double>(missed) / counts.clips[label];
        ++words;
    }
    if (words > 0) all.mean_share /= words;
    return all;
}

}  // namespace gruve::benchmarks
