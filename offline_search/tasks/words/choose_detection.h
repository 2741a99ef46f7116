// Chooses the detection thresholds and the smoothing window of a finished keyword model on the validation streams.
#pragma once

#include <cstddef>
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

/// Lower bounds of the thresholds of all labels, as log-odds 0 … 5.
/// segments: the largest posterior of each label in each 3-second segment without a word, as log-odds.
///
/// The bound of a word is its base plus an offset that is the same for all words. The base is the mean of two means:
/// that of the word's ten highest segments, and that of the same quantity over all words. The offset is chosen so that
/// three segments reach the bound of a word; a single segment therefore sets no threshold. Labels below words_from
/// ("other") have no base.
std::vector<double> least_thresholds(const std::vector<std::vector<double>>& segments, std::size_t labels,
                                     std::size_t words_from);

}  // namespace gruve
