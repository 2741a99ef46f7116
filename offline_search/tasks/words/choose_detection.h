// How a finished keyword model's posteriors become detections: chosen on the validation streams.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/preset/preset.h"
#include "offline_search/tasks/words/recordings.h"

namespace gruve {

/// Sets preset.detection. The words' thresholds lie so high (but at 99.3 % at most) that three moments of 3 s of the validation split's other speech
/// and noise reach one, the speech in ten different noises, and no moment sets a threshold alone: they differ by half of what the words' ten highest
/// moments do. Above that, a word's threshold is where it has the fewest misses and false alarms in word streams without noise, at
/// 10 and at 0 dB; the smoothing window is the one with the most hits among those whose median delay stays below 150 ms. Refractory
/// time and warm-up are fixed. Same result for any jobs.
void choose_detection(Preset&, const WordRecordings&, int jobs);

/// The least threshold of each label as log-odds, 0..5, from each label's peak in each moment that holds no word: three moments reach that of a word. The
/// words' (labels from words_from on) lie equally far above ½ · the mean of the word's ten highest moments + ½ · the mean of that over all words.
std::vector<double> least_thresholds(const std::vector<std::vector<double>>& moments, std::size_t labels,
                                     std::size_t words_from);

}  // namespace gruve
