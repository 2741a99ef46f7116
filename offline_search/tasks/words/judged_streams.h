// Long streams that a keyword preset is judged by: where its words are is known, and that all the rest is none.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "offline_search/tasks/words/recordings.h"

namespace gruve {

struct StreamedWord {
    int label = 0;
    double begin_s = 0, end_s = 0;  // as spoken
};

struct JudgedStream {
    std::vector<float> samples;  // at the recordings' rate
    std::vector<StreamedWord> words;
};

/// Every word of the split once, in random order, 1 s and more apart, in every second gap a piece of other speech of the split. Noise of the
/// split at −40 dBFS runs through (each recording at its own mean level; white noise where the split has none), and words and speech are
/// `snr_db` louder by the level of what is spoken; nullopt: −25 dBFS over white noise at −80 dBFS. Streams of about 60 words; same seed, same streams.
std::vector<JudgedStream> word_streams(const WordRecordings&, Split, std::optional<double> snr_db, std::uint64_t seed);

/// What must not be detected: all other speech of the split, then all its noise, as recorded; then all that speech in that noise at 5 dB.
/// No words in it.
std::vector<JudgedStream> negative_streams(const WordRecordings&, Split, std::uint64_t seed);

}  // namespace gruve
