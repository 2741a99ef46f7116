// The recordings of a word task in memory: words, other speech and noise, each in its split.
#pragma once

#include <array>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "datasets/audio/audio_file.h"
#include "datasets/layouts/word_folder.h"

namespace gruve {

struct WordRecording {
    std::vector<float> samples;
    int label = 0;
    Split split = Split::train;
    int unit = 0;  // a number of the speaker, or of the recording itself where the split isn't by speaker
    std::size_t begin = 0, end = 0;  // where it is spoken, by its level; the whole recording of a silent one
};

struct WordRecordings {
    int rate_hz = 0;
    std::vector<std::string> labels;             // the first may be "other"
    std::vector<WordRecording> clips;            // sorted by path
    std::array<std::vector<Audio>, 3> noises;    // by Split, at rate_hz
    std::vector<Audio> more_speech, more_noise;  // without any of the words, at rate_hz: for training streams
    bool other_is_judged =
        true;  // false: "other" fills streams, but isn't one of the clips that a network is judged by

    bool is_other(int label) const { return label == 0 && labels.front() == "other"; }
    const std::vector<Audio>& noises_of(Split split) const { return noises[static_cast<std::size_t>(split)]; }
};

/// Reads everything into memory, at the rate that most word recordings have. Three noise recordings in four train, the others are dealt
/// to validation and test; takes of one recording stay together. Throws DataError as read_word_folder() and for unreadable audio.
WordRecordings read_word_recordings(const std::filesystem::path& folder, const WordFolderOptions&);

/// First and one past the last sample of what is spoken: 10 ms frames, smoothed over three, within 30 dB of the loudest and 6 dB above
/// the quiet tenth of them (as long as that leaves the loudest 10 dB).
std::pair<std::size_t, std::size_t> spoken_part(std::span<const float> samples, int rate_hz);

}  // namespace gruve
