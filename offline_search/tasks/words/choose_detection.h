// Chooses the detection thresholds and the smoothing window of a finished keyword model on the validation streams.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/preset/preset.h"
#include "offline_search/tasks/words/recordings.h"

namespace gruve {

/// Sets preset.detection. Refractory time and warm-up are fixed. Same result for any jobs.
///
/// Lower bounds of the thresholds: the lowest thresholds at which at most three 3-second segments of the negatives
/// trigger a word, limited to 99.3 %; see least_thresholds(). The negatives are other speech and noise of the
/// validation split, the speech also in ten different noises.
///
/// Above its lower bound, each word gets the threshold with the fewest misses and false alarms in word streams without
/// noise, at 10 dB and at 0 dB SNR. Among the smoothing windows whose median delay is at most 130 ms (20 ms less than
/// the documented 150 ms), the one with the fewest misses and false alarms wins.
void choose_detection(Preset&, const WordRecordings&, int jobs);

/// Appends the largest posterior of each label in each 3-second segment of a stream after the warm-up, as log-odds.
/// smoothed: labels × hops.
void add_segments(std::span<const float> smoothed, std::size_t labels, double hop_s, double warm_up_s,
                  std::vector<std::vector<double>>& segments);

/// The level that each word reaches where it isn't said, as log-odds: the mean of two means, that of the word's ten
/// highest segments, and that of the same quantity over all words. segments: see add_segments(); without a word. Labels
/// below words_from ("other") have no level.
std::vector<double> word_levels(const std::vector<std::vector<double>>& segments, std::size_t labels,
                                std::size_t words_from);

/// Lower bounds of the thresholds of all labels, as log-odds 0 … 5. The bound of a word is its level plus an offset
/// that is the same for all words. The offset is chosen so that three segments reach the bound of a word; a single
/// segment therefore sets no threshold.
std::vector<double> least_thresholds(const std::vector<std::vector<double>>& segments, std::size_t labels,
                                     std::size_t words_from);

}  // namespace gruve
