// Misses against false alarms of a preset's words, by moving the thresholds.
#pragma once

#include <span>
#include <vector>

#include "engine/preset/preset.h"
#include "offline_search/tasks/words/stream_score.h"
#include "tests/benchmarks/wake_words/benchmark_streams.h"

namespace gruve::benchmarks {

/// By label.
struct WordCounts {
    explicit WordCounts(std::size_t labels = 0) : clips(labels), hits(labels), alarms(labels) {}
    std::vector<int> clips, hits, alarms;
    void add(const WordCounts&);
};

/// A hit is a detection of the clip's word from the clip's beginning until half a second after its end; further ones
/// there count as nothing. Every other detection is a false alarm of the word that it names.
WordCounts counts_of(std::span<const TimedDetection>, std::span<const StreamedWord>, std::size_t labels);

/// A stream's counts at many thresholds.
struct MissCurve {
    std::vector<WordCounts> by_move;  // each word listened for alone; from the lowest thresholds to the highest
    WordCounts own;                   // all words together, at the preset's own thresholds
    double seconds = 0;

    /// Each word at its own move: the lowest from which on it gives at most so many alarms an hour. A word without such
    /// a move hits nothing.
    WordCounts at(double alarms_per_hour) const;
};

/// Same result for any jobs.
MissCurve miss_curve(const Preset&, const BenchmarkStreams&, int jobs);

/// Clips of all words that were not hit, and their number.
struct Missed {
    int missed = 0, clips = 0;
    double mean_share = 0;  // of the words' own shares
};
Missed missed_in(const WordCounts&);

}  // namespace gruve::benchmarks
