#include "offline_search/task_table/word_task.h"

#include "datasets/audio/audio_folder.h"
#include "datasets/layouts/known_layouts.h"
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

/// Whether a sub-folder whose name isn't that of another role holds audio files, as a word's folder does.
bool holds_words(const Path& data) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(data, ignored)) {
        const std::string name = entry.path().filename().string();
        if (!entry.is_directory(ignored) || name[0] == '_' || name[0] == '.') continue;
        if (name == "speech" || name == "noise" || name == "negatives" || name == "rooms") continue;
        for (const auto& file : std::filesystem::directory_iterator(entry.path(), ignored))
            if (file.is_regular_file(ignored) && is_audio_file(file.path())) return true;
    }
    return false;
}

/// Whether the folder is a published set without words. Those of speech and noise have flat sub-folders, which would
/// pass for words.
bool is_published(const DenoiseLayout& part) {
    for (const char* name : {"Common Voice", "VCTK", "LibriSpeech", "VoiceBank-DEMAND", "MS-SNSD", "clean and noise",
                             "clean and noisy pairs"})
        if (part.name == name) return true;
    return part.name.starts_with("folder of ");
}

/// One of several roots may be a set of speech or of noise.
void find_other_roles(const Path& path, const std::string& layout, WordRoot& root) {
    const DenoiseLayout part = find_denoise_part(path, layout);
    if (layout.empty() && holds_words(path) && !is_published(part)) return;
    root.folder.clear();
    if (root.options.other_speech.empty()) root.options.other_speech = part.speech;
    if (root.options.noise.empty() && !part.pairs) root.options.noise = part.noise;
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

WordRoot word_part(const WordFolderOptions& list, const Path& data, const std::string& layout, std::uint64_t seed) {
    WordRoot root = word_root(list, data, seed);
    if (root.folder == data && layout != "words") find_other_roles(data, layout, root);
    return root;
}

std::vector<WordRoot> word_roots(const WordFolderOptions& list, const DataOptions& data, std::uint64_t seed,
                                 bool negatives, std::vector<std::string>& left_out) {
    std::vector<WordRoot> roots;
    for (std::size_t r = 0; r < data.roots.size(); ++r) {
        const Path& path = data.roots[r];
        if (!std::filesystem::is_directory(path)) throw DataError(path.string() + ": no such folder");
        WordRoot root = data.roots.size() == 1 && data.layouts.empty() ? word_root(list, path, seed)
                                                                       : word_part(list, path, data.layout_of(r), seed);
        if (negatives) root.options.negatives = folder_in(path, "negatives");
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
