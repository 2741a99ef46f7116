// What a network learns to listen with: stretches of a stream, words and all else at random places in them.
#pragma once

#include <memory>
#include <random>
#include <vector>

#include "offline_search/log_mel_sequence.h"
#include "offline_search/word_recordings.h"

namespace gruve {

inline constexpr int any_label = -1;

struct StreamExample {
    Matrix features;          // bands × steps
    std::vector<int> labels;  // per step; any_label: whatever the network says there is right
};

class TrainingStreams {
public:
    /// Both must outlive this object.
    TrainingStreams(std::shared_ptr<const WordRecordings> recordings, const LogMelSequence& log_mel);

    int steps() const;
    /// False where there is no "other": every moment of such a task is a word's.
    bool possible() const { return recordings_->labels.front() == "other"; }
    /// Words of the training split, their beginnings alone, other speech and pauses, one after another; often in a room, mostly in noise
    /// (−3..25 dB SNR), sometimes over other voices, at any level and colour; one in four without a word. The label is a word's for 0.3 s from its end
    /// on, "other" until its middle and from 0.9 s after its end; between these it is any. Safe on several threads.
    StreamExample draw(std::mt19937_64& random) const;

private:
    struct Scene;
    void place(Scene&, const WordRecording&, std::mt19937_64& random) const;

    std::shared_ptr<const WordRecordings> recordings_;
    const LogMelSequence& log_mel_;
    std::vector<const WordRecording*> words_, others_;
};

}  // namespace gruve
