#include "offline_search/task_table/word_task.h"

#include "datasets/support/data_error.h"

namespace gruve {
namespace {

using Path = std::filesystem::path;

/// data/name if that folder exists, otherwise an empty path.
Path folder_in(const Path& data, const std::string& name) {
    return std::filesystem::is_directory(data / name) ? data / name : Path();
}

/// data/keywords or data/words; empty if there is neither.
Path own_folder_of_words(const Path& data) {
    for (const char* name : {"keywords", "words"})
        if (Path words = folder_in(data, name); !words.empty()) return words;
    return {};
}

/// Whether `data` has no sub-folders but those whose names say what they are for, which isn't words.
bool holds_other_roles_only(const Path& data) {
    for (const auto& entry : std::filesystem::directory_iterator(data)) {
        const std::string name = entry.path().filename().string();
        const bool role = name == "speech" || name == "noise" || name == "negatives" || name == "rooms";
        if (entry.is_directory() && !role) return false;
    }
    return true;
}

}  // namespace

WordRoot word_root(const WordFolderOptions& list, const Path& data, std::uint64_t seed) {
    const Path own = own_folder_of_words(data);
    WordRoot root{own.empty() ? data : own, list};
    root.options.seed = seed;
    root.options.name_other = true;
    root.options.other_speech = folder_in(data, "speech");
    root.options.noise = folder_in(data, "noise");
    return root;
}

std::vector<WordRoot> word_roots(const WordFolderOptions& list, const DataOptions& data, std::uint64_t seed,
                                 bool negatives, std::vector<std::string>& left_out) {
    std::vector<WordRoot> roots;
    for (const Path& path : data.roots) {
        if (!std::filesystem::is_directory(path)) throw DataError(path.string() + ": no such folder");
        WordRoot root = word_root(list, path, seed);
        if (negatives) root.options.negatives = folder_in(path, "negatives");
        if (data.roots.size() > 1 && root.folder == path && holds_other_roles_only(path)) root.folder.clear();
        const WordFolderOptions& found = root.options;
        if (root.folder.empty() && found.other_speech.empty() && found.noise.empty() && found.negatives.empty())
            left_out.push_back(path.string() + ": no words, speech or noise for this task");
        else
            roots.push_back(std::move(root));
    }
    if (roots.empty()) throw DataError(data.string() + ": no words, speech or noise");
    return roots;
}

}  // namespace gruve
