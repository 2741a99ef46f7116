// Recordings of words as a source of clips and of streams.
#pragma once

#include <memory>

#include "offline_search/tasks/classification/clip_source.h"
#include "offline_search/tasks/words/recordings.h"

namespace gruve {

/// A clip is as long as the longest usual word (95th percentile) and lies centred in 0.2 s more of silence. Of longer ones labelled
/// "other" (sentences) the middle is judged and a random piece trained on; other longer ones stay whole. Noises are mixed in while
/// training; where there is "other", a tenth of its training examples is noise alone.
/// live: to be heard in streams as well. There are streams then, and features count from each band's noise floor.
std::unique_ptr<const ClipSource> make_word_source(WordRecordings, bool live);

}  // namespace gruve
