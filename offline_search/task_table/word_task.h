// The recordings of a task about words: which folders of --data it reads, and which words.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "datasets/layouts/word_folder.h"

namespace gruve {

/// For read_word_recordings().
struct WordTask {
    std::filesystem::path folder;
    WordFolderOptions options;
};

/// The words lie in data/keywords, data/words (the starter set) or data itself; other speech in data/speech; noise in
/// data/noise.
/// list: the words and how they are split (TaskEntry::word_list). seed: deals the speakers to the splits.
WordTask word_task(const WordFolderOptions& list, const std::filesystem::path& data, std::uint64_t seed);

/// data/name if that folder exists, otherwise an empty path.
std::filesystem::path folder_in(const std::filesystem::path& data, const std::string& name);

}  // namespace gruve
