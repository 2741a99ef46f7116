// A folder of words in the layout of Google Speech Commands: <word>/<speaker>_<n>.{wav,flac}. The speaker is the file's name
// before the first '_' (this covers <speaker>_nohash_<n>); names that repeat the word, <word>_<speaker>_<n>, are understood too.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "datasets/layouts/split.h"

namespace gruve {

struct WordClip {
    std::filesystem::path path;
    std::string speaker;
    int label = 0;  // index into WordFolder::labels
    Split split = Split::train;
};

/// labels[0] is "other" where there is speech of no word: other_speech where it is given, else the words not chosen (unless
/// unchosen_are_other is false); always with name_other.
struct WordFolder {
    std::vector<std::string> labels;
    std::vector<WordClip> clips;                                 // sorted by path
    std::vector<std::filesystem::path> background;               // _background_noise_ or a noise folder, for mixing
    std::vector<std::filesystem::path> more_speech, more_noise;  // of `negatives`
};

struct WordFolderOptions {
    std::vector<std::string> words;      // empty: every sub-folder that holds audio
    std::filesystem::path other_speech;  // optional folder <speaker>/*.wav used for "other"
    std::filesystem::path noise;         // optional
    std::filesystem::path
        negatives;  // optional folder of speech/… and noise/… (one may be missing) without any of the words, in no split
    bool unchosen_are_other = true;  // without other_speech; false: words not chosen are left out
    bool name_other = false;         // a stream has moments without a word, whether or not recordings show them
    bool other_apart = false;    // other_speech is dealt to the splits by itself: the words' splits are as without it
    bool split_by_take = false;  // digits: <digit>_<speaker>_<take>: takes 0-4 test, 5-9 validation
    double validation = 0.15, test = 0.20;
    std::uint64_t seed = 1;
};

/// Uses validation_list.txt and testing_list.txt where present; "other" of a speech folder is then split by speaker. Throws
/// DataError for a missing or empty folder, negatives without speech and noise, a word without audio, a word with one speaker only, a
/// file name without a speaker, or a split without clips (all named). Audio is not read here.
WordFolder read_word_folder(const std::filesystem::path& folder, const WordFolderOptions&);

}  // namespace gruve
