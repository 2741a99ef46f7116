// Recordings of words as a source of clips.
#pragma once

#include <memory>

#include "datasets/word_folder.h"
#include "offline_search/clip_source.h"

namespace gruve {

/// Reads every recording into memory, at the rate that most of them have. A clip is as long as the longest usual word (95th
/// percentile) and lies centred in 0.2 s more of silence. Of longer ones labelled "other" (sentences) the middle is judged and a
/// random piece trained on; other longer ones stay whole. Noises (folder.background) are mixed in while training, those of
/// one recording in four kept out; where there is "other", a tenth of its training examples is noise alone.
/// Throws DataError for unreadable audio.
std::unique_ptr<const ClipSource> make_word_source(const WordFolder& folder, std::uint64_t seed);

}  // namespace gruve
