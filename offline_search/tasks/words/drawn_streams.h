// Random stretches of audio streams: keyword networks train on them, and a search scores bit widths on them.
#pragma once

#include <map>
#include <memory>
#include <random>
#include <vector>

#include "offline_search/tasks/words/log_mel_sequence.h"
#include "offline_search/tasks/words/recordings.h"

namespace gruve {

/// Label of a step at which every output counts as right.
inline constexpr int any_label = -1;

struct StreamExample {
    Matrix features;          // bands × steps
    std::vector<int> labels;  // per step; may be any_label
};

class DrawnStreams {
public:
    /// `log_mel` must outlive this object. Throws DataError for a split without words.
    DrawnStreams(std::shared_ptr<const WordRecordings> recordings, const LogMelSequence& log_mel, Split split);

    /// Steps of a stretch (8 s).
    int steps() const;
    /// A stretch of words of the split, fragments of words, other speech (half of the time syllables of several
    /// sentences, some reversed) and pauses. Each sound has its own speed. 40 % of the stretches are in a room, 80 %
    /// contain noise at −8 … 22 dB SNR, 10 % contain other voices in the background; 30 % contain no word. Level,
    /// colour and vocal tract are random, and up to 2 dB of noise lies over the features. If the training split has
    /// more_speech or more_noise, half of the other speech or noise comes from there.
    ///
    /// The label is a word's from 0.1 s before to 0.3 s after its end, and "other" until the middle of a word and from
    /// 0.9 s after its end. In between it is any_label.
    ///
    /// Deterministic in `random`; safe on several threads, each with its own.
    StreamExample draw(std::mt19937_64& random) const;

private:
    struct Scene;
    using Sound = SharedSamples;
    struct Sounds {
        std::vector<const Sound*> own, more;  // of the split; of no split
        bool empty() const { return own.empty() && more.empty(); }
        const Sound& any(std::mt19937_64&) const;  // from either list with equal probability
    };
    const WordRecording& any_word(std::mt19937_64&) const;  // every label has equal probability
    void place(Scene&, const WordRecording&, std::mt19937_64& random) const;
    void place_fragment(Scene&, std::mt19937_64& random) const;
    void place_other_speech(Scene&, std::mt19937_64& random) const;
    void fill_with_speech(Scene&, bool with_words, std::mt19937_64& random) const;
    void add_noises(Scene&, double speech_rms, std::mt19937_64& random) const;

    std::shared_ptr<const WordRecordings> recordings_;
    const LogMelSequence& log_mel_;
    Split split_;
    std::map<int, std::vector<const WordRecording*>> words_;  // by label
    Sounds others_, noises_;
};

}  // namespace gruve
