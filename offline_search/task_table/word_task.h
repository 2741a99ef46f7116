// The recordings of a task about words: which folders of --data it reads, and which words.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "datasets/layouts/data_options.h"
#include "datasets/layouts/word_folder.h"

namespace gruve {

/// The words lie in data/keywords, data/words (the starter set) or data itself; other speech in data/speech; noise in
/// data/noise.
/// list: the words and how they are split (TaskEntry::word_list). seed: deals the speakers to the splits.
WordRoot word_root(const WordFolderOptions& list, const std::filesystem::path& data, std::uint64_t seed);

/// The same for one of several roots, which may have no words, but other speech or noise, and may be in another layout
/// of known_layouts.h. layout: an id of layout_names(), or empty. Throws DataError if the folder is missing.
WordRoot word_part(const WordFolderOptions& list, const std::filesystem::path& data, const std::string& layout,
                   std::uint64_t seed);

/// word_root() or word_part() for each root of `data`, for read_word_recordings(). A root without words may hold other
/// speech, noise or negatives; with `negatives`, those are read, too. Roots with nothing of the kind are left out:
/// `left_out` gets a line for each. Throws DataError if a root is missing, or if a single one has no words.
std::vector<WordRoot> word_roots(const WordFolderOptions& list, const DataOptions& data, std::uint64_t seed,
                                 bool negatives, std::vector<std::string>& left_out);

}  // namespace gruve
