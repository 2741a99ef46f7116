#include "offline_search/task_table/word_task.h"

namespace gruve {
namespace {

using Path = std::filesystem::path;

Path folder_of_words(const Path& data) {
    for (const char* name : {"keywords", "words"})
        if (const Path words = folder_in(data, name); !words.empty()) return words;
    return data;
}

}  // namespace

Path folder_in(const Path& data, const std::string& name) {
    return std::filesystem::is_directory(data / name) ? data / name : Path();
}

WordTask word_task(const WordFolderOptions& list, const Path& data, std::uint64_t seed) {
    WordTask made{folder_of_words(data), list};
    made.options.seed = seed;
    made.options.name_other = true;
    made.options.other_speech = folder_in(data, "speech");
    made.options.noise = folder_in(data, "noise");
    return made;
}

}  // namespace gruve
