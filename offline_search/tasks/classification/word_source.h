// Clips and streams made of recordings of words.
#pragma once

#include <memory>
#include <optional>

#include "offline_search/tasks/classification/clip_source.h"
#include "offline_search/tasks/words/recordings.h"

namespace gruve {

/// A clip has the length of the longest usual word (95th percentile) plus 0.2 s of silence, with the word in its
/// middle. Longer recordings of "other" (sentences) are judged by their middle and trained by a random piece; other
/// longer recordings are judged whole. Noise is mixed in during training; if there is "other", a tenth of its training
/// examples is noise alone.
///
/// live: the source has streams, too (unless with_streams is false, for judging clips alone), and features are relative
/// to the noise floor of each band. front_end: that of a preset to judge; else it fits the recordings' rate.
std::unique_ptr<const ClipSource> make_word_source(WordRecordings, bool live,
                                                   const std::optional<LogMelConfig>& front_end = {},
                                                   bool with_streams = true);

}  // namespace gruve
