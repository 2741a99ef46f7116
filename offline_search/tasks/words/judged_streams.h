// Long streams with known word positions, to judge keyword presets.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "offline_search/tasks/words/recordings.h"

namespace gruve {

struct StreamedWord {
    int label = 0;
    double begin_s = 0, end_s = 0;  // of the spoken part
};

struct JudgedStream {
    std::vector<float> samples;  // at the recordings' rate
    std::vector<StreamedWord> words;
};

/// Every word recording of the split once, in random order, at least 1 s apart. Every second gap contains a piece of
/// other speech of the split. Streams have about 60 words. Same seed, same streams.
///
/// With `snr_db`, noise of the split at −40 dBFS lies under everything (each recording is scaled by its own mean level;
/// white noise if the split has none), and the spoken parts are `snr_db` louder. Without `snr_db`, speech has −25 dBFS
/// and lies over white noise at −80 dBFS.
std::vector<JudgedStream> word_streams(const WordRecordings&, Split, std::optional<double> snr_db, std::uint64_t seed);

/// Streams without any word, in which every detection is a false alarm: all other speech of the split as recorded, the
/// same speech in the split's noise at 5 dB SNR, and all noise of the split as recorded. Same seed, same streams.
std::vector<JudgedStream> negative_streams(const WordRecordings&, Split, std::uint64_t seed);

}  // namespace gruve
