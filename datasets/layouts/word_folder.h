// A folder of words in the layout of Google Speech Commands: <word>/<speaker>_<n>.{wav,flac}. The speaker is the file's
// name before the first '_', which also covers <speaker>_nohash_<n>. Names that repeat the word, <word>_<speaker>_<n>,
// are read too, and those of Common Voice if its table lies beside them (SpeakerTable).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "datasets/audio/read_log.h"
#include "datasets/layouts/split.h"

namespace gruve {

struct WordClip {
    std::filesystem::path path;
    std::string speaker;
    int label = 0;  // index into WordFolder::labels
    Split split = Split::train;
};

/// labels[0] is "other" if there is a class for speech without any of the words. Its clips come from other_speech if
/// that is given, else from the words not chosen (unless unchosen_are_other is false). With name_other the class always
/// exists.
struct WordFolder {
    std::vector<std::string> labels;
    std::vector<WordClip> clips;                    // sorted by path
    std::vector<std::filesystem::path> background;  // noise to mix in: _background_noise_ or a noise folder
    std::vector<std::filesystem::path> more_speech, more_noise;  // from the folder of negatives
    bool by_take = false;                                        // takes of the same speakers lie in several splits
};

struct WordFolderOptions {
    std::vector<std::string> words;      // empty: every sub-folder that holds audio
    std::filesystem::path other_speech;  // optional folder <speaker>/*.wav for the class "other"
    std::filesystem::path noise;         // optional
    std::filesystem::path negatives;     // optional folder of speech/ or noise/ or both, without the words; in no split
    bool unchosen_are_other = true;      // if other_speech is not given; false: words not chosen are left out
    bool name_other = false;             // for streams: they have moments without a word even if no recording has
    /// Deal other_speech after the words, so that it does not change their splits. Clips by a speaker of the words go
    /// where that speaker went, unless takes or lists decide.
    bool other_apart = false;
    /// One's own words: if all words are by the same speaker, and only then, their takes are dealt in turn, in the
    /// order of their paths: of five takes of a word, the second is validation and the third is test.
    bool one_voice = false;
    bool split_by_take = false;             // digits, <digit>_<speaker>_<take>: takes 0-4 are test, 5-9 validation
    double validation = 0.15, test = 0.20;  // test 1: all are test, speakers and takes do not count, words may lack
    std::uint64_t seed = 1;
};

/// Lists the clips and deals them to the splits; audio is not read. If validation_list.txt and testing_list.txt are
/// present, they decide the words' splits, and the clips of other_speech are split by speaker. Throws DataError, naming
/// the place, for a missing or empty folder, negatives without speech/ and noise/, a word without audio, a word with
/// one speaker only (unless one_voice), a file name without a speaker, or a split without clips.
WordFolder read_word_folder(const std::filesystem::path& folder, const WordFolderOptions&);

/// The words of a folder and their clips; nothing is dealt, chosen or refused. `log` gets a line about other files; the
/// speaker is empty for files whose name has none.
std::map<std::string, std::vector<WordClip>> words_of(const std::filesystem::path& folder, ReadLog& log);

/// One of several roots. `folder` is empty if the root has no words, but other speech, noise or negatives.
struct WordRoot {
    std::filesystem::path folder;
    WordFolderOptions options;  // alike for all roots, but for the folders
};

/// Reads several roots: each is dealt to the splits on its own, then all are joined, one root after the other. A word
/// may lie in one root only. With `same_speakers`, speakers of one name are one, and the roots are dealt as one.
/// `log`, if there is one, gets a line about files that aren't read. Throws DataError as read_word_folder() does; words
/// and splits are those of all roots together.
WordFolder read_word_folders(const std::vector<WordRoot>&, bool same_speakers = false, ReadLog* log = nullptr);

}  // namespace gruve
