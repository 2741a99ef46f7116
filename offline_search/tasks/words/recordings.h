// The recordings of a word task in memory: words, other speech and noise, each assigned to a split.
#pragma once

#include <array>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "datasets/audio/sound.h"
#include "datasets/layouts/data_options.h"
#include "datasets/layouts/word_folder.h"

namespace gruve {

struct WordRecording {
    SharedSamples samples;
    int label = 0;
    Split split = Split::train;
    int unit = 0;                    // number of the speaker, or of the recording if the split isn't by speaker
    std::size_t begin = 0, end = 0;  // the spoken part, see spoken_part()
};

struct WordRecordings {
    int rate_hz = 0;
    std::vector<std::string> labels;             // the first may be "other"
    std::vector<WordRecording> clips;            // sorted by path
    std::array<std::vector<Sound>, 3> noises;    // by Split, at rate_hz
    std::vector<Sound> more_speech, more_noise;  // without any of the words, at rate_hz; only for training streams
    std::vector<std::string> left_out;           // "file: reason", for the user to read
    bool by_take = false;                        // see WordFolder::by_take
    bool on_disk = false;         // they don't fit into memory, so features shouldn't all be kept there, either
    bool other_is_judged = true;  // false: "other" occurs in streams, but not among the clips that score a network

    bool is_other(int label) const { return label == 0 && labels.front() == "other"; }
    const std::vector<Sound>& noises_of(Split split) const { return noises[static_cast<std::size_t>(split)]; }
};

/// Reads everything into memory, or beyond data.memory onto the disk (keep_on_disk()), resampled to the rate that most
/// word recordings have. Three quarters of the noise recordings go to the training split and one eighth each to
/// validation and test; takes of one recording stay together. Throws DataError like read_word_folders(), and for
/// unreadable audio.
WordRecordings read_word_recordings(const std::vector<WordRoot>&, const DataOptions& = {});

/// First sample of the spoken part and one past its last. Frames of 10 ms, smoothed over three, count as spoken if they
/// are within 30 dB of the loudest frame and 6 dB above the level that one frame in ten stays below (the latter is
/// limited to 10 dB below the loudest frame). A silent recording counts as spoken from end to end.
std::pair<std::size_t, std::size_t> spoken_part(std::span<const float> samples, int rate_hz);

}  // namespace gruve
