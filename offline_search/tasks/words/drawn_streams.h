// Stretches of streams drawn at random: what networks learn to listen with, and what a search judges their widths by.
#pragma once

#include <map>
#include <memory>
#include <random>
#include <vector>

#include "offline_search/tasks/words/log_mel_sequence.h"
#include "offline_search/tasks/words/recordings.h"

namespace gruve {

inline constexpr int any_label = -1;

struct StreamExample {
    Matrix features;          // bands × steps
    std::vector<int> labels;  // per step; any_label: whatever the network says there is right
};

class DrawnStreams {
public:
    /// `log_mel` must outlive this object. Throws DataError for a split without words.
    DrawnStreams(std::shared_ptr<const WordRecordings> recordings, const LogMelSequence& log_mel, Split split);

    int steps() const;
    /// Words of the split, their halves, other speech (often syllables of several sentences, some backwards) and pauses in turn, each at its own speed; often in a
    /// room, mostly in noise (−8..22 dB SNR), sometimes over other voices, at any level, colour and vocal tract, blurred by up to 2 dB; three in ten without a
    /// word. Half of a training stretch's other speech is of more_speech where there is some, half of its noise of more_noise. The label is a word's from
    /// 0.1 s before to 0.3 s after its end, "other" until its middle and from 0.9 s after its end; between these it is any. Safe on several threads.
    StreamExample draw(std::mt19937_64& random) const;

private:
    struct Scene;
    using Sound = std::vector<float>;
    struct Sounds {
        std::vector<const Sound*> own, more;  // of the split, and of no split
        bool empty() const { return own.empty() && more.empty(); }
        const Sound& any(std::mt19937_64&) const;  // where there are both, of either as often
    };
    const WordRecording& any_word(std::mt19937_64&) const;  // each label as often
    void place(Scene&, const WordRecording&, std::mt19937_64& random) const;

    std::shared_ptr<const WordRecordings> recordings_;
    const LogMelSequence& log_mel_;
    Split split_;
    std::map<int, std::vector<const WordRecording*>> words_;  // by label
    Sounds others_, noises_;
};

}  // namespace gruve
