// How a finished keyword model's posteriors become detections: chosen on the validation streams.
#pragma once

#include "engine/preset.h"
#include "offline_search/word_recordings.h"

namespace gruve {

/// Sets preset.detection. Each word's threshold lies above all that it reaches (up to a limit) in the validation split's other speech and noise, with a
/// margin, and above that is where it has the fewest misses and false alarms in word streams without noise, at 10 and at 0 dB; the smoothing
/// window is the one with the most hits among those whose median delay stays below 150 ms. Refractory time and warm-up are fixed. Same result for any jobs.
void choose_detection(Preset&, const WordRecordings&, int jobs);

}  // namespace gruve
