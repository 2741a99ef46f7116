#include "tests/benchmarks/wake_words/miss_curve.h"

#include <algorithm>
#include <iterator>
#include <memory>

#include "datasets/support/parallel.h"
#include "offline_search/tasks/words/threshold_trials.h"

namespace gruve::benchmarks {
namespace {

constexpr double latest_s = 0.5;  // of a hit, after the end of the clip
constexpr double step_odds = 0.5;
constexpr int lowest = -4, highest = 24;  // moves, in steps of the log-odds
constexpr auto moves = static_cast<std::size_t>(highest - lowest + 1);

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

namespace {

/// The posteriors of one label.
std::vector<float> of_label(std::span<const float> heard, std::size_t label, std::size_t labels) {
    std::vector<float> own;
    for (std::size_t at = label; at < heard.size(); at += labels) own.push_back(heard[at]);
    return own;
}

/// What one stream adds to a curve.
MissCurve curve_of(const JudgedStream& stream, std::span<const float> heard, const ThresholdTrials& trials,
                   const Preset& preset) {
    const std::size_t labels = preset.labels.size();
    MissCurve curve;
    curve.own = counts_of(trials.detections(preset.detection.threshold, heard), stream.words, labels);
    std::vector<std::vector<TimedDetection>> found(moves);
    for (std::size_t label = preset.labels.front() == "other" ? 1 : 0; label < labels; ++label) {
        const std::vector<float> own = of_label(heard, label, labels);
        for (std::size_t move = 0; move < moves; ++move) {
            const float threshold = trials.moved(step_odds * (static_cast<int>(move) + lowest))[label];
            std::ranges::copy(trials.detections_of(static_cast<int>(label), threshold, own),
                              std::back_inserter(found[move]));
        }
    }
    for (const auto& detections : found) curve.by_move.push_back(counts_of(detections, stream.words, labels));
    return curve;
}

}  // namespace

MissCurve miss_curve(const Preset& preset, const BenchmarkStreams& streams, int jobs) {
    const auto shared = std::make_shared<const Preset>(preset);
    const auto network = std::make_shared<const Network>(preset.model);
    const ThresholdTrials trials(preset);
    std::vector<MissCurve> parts(static_cast<std::size_t>(streams.count()));
    parallel_for(jobs, streams.count(), [&](int i) {
        const JudgedStream stream = streams.stream(i);
        MissCurve& part = parts[static_cast<std::size_t>(i)];
        part = curve_of(stream, heard_in(shared, network, stream.samples), trials, preset);
        part.seconds = static_cast<double>(stream.samples.size()) / streams.rate_hz();
    });
    MissCurve curve;
    curve.own = WordCounts(preset.labels.size());
    curve.by_move.assign(moves, curve.own);
    for (const MissCurve& part : parts) {
        curve.seconds += part.seconds;
        curve.own.add(part.own);
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
