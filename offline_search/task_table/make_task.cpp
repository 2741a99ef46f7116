#include "offline_search/task_table/make_task.h"

#include "datasets/support/data_error.h"
#include "offline_search/tasks/classification/row_source.h"
#include "offline_search/tasks/classification/sequence_source.h"
#include "offline_search/tasks/classification/task.h"
#include "offline_search/tasks/classification/word_source.h"
#include "offline_search/tasks/denoising/task.h"

namespace gruve {
namespace {

using Path = std::filesystem::path;

/// data/<name> where there is such a folder, else an empty path.
Path folder_in(const Path& data, const std::string& name) {
    return std::filesystem::is_directory(data / name) ? data / name : Path();
}

constexpr std::string_view live_suffix = "_live";
bool is_live(const std::string& task) { return task.ends_with(live_suffix); }

/// The task whose words these are: "digits" of "digits_live".
std::string words_of(const std::string& task) {
    return is_live(task) ? task.substr(0, task.size() - live_suffix.size()) : task;
}
bool is_word_task(const std::string& task) {
    const std::string words = words_of(task);
    return words == "wake_words" || words == "digits" || words == "digits_by_take" || words == "words";
}

/// The words lie in data/keywords, data/words (the starter set), or in data itself.
Path words_in(const Path& data) {
    for (const char* name : {"keywords", "words"})
        if (const Path words = folder_in(data, name); !words.empty()) return words;
    return data;
}

}  // namespace

WordTask word_task(const std::string& named, const Path& data, std::uint64_t seed) {
    const std::string task = words_of(named);
    WordTask made;
    made.folder = words_in(data);
    WordFolderOptions& words = made.options;
    words.seed = seed;
    words.name_other = true;
    words.other_speech = folder_in(data, "speech");
    words.noise = folder_in(data, "noise");
    if (task == "wake_words") {
        words.words = {"alexa", "computer", "jarvis", "smart_mirror", "snowboy", "view_glass"};
    } else if (task == "digits" || task == "digits_by_take") {
        words.words = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};
        words.unchosen_are_other = false;  // wake words may lie beside the digits
        words.other_apart = true;
        words.split_by_take = task == "digits_by_take";
        words.validation = words.test = 0.2;  // five speakers: three, one, one
    } else if (task != "words") {
        throw DataError("task \"" + named +
                        "\" isn't about words, expected wake_words, digits, digits_by_take or words, or one of these "
                        "and \"_live\"");
    }
    return made;
}

std::unique_ptr<Task> make_task(const std::string& task, const Path& data, std::uint64_t seed, const Path& recipe) {
    const auto classifier = [&](auto source, const ClassifierRecipe& usual) {
        return std::make_unique<ClassificationTask>(
            task, std::move(source), recipe.empty() ? usual : read_classifier_recipe(recipe, usual, is_live(task)));
    };
    if (task == "sequences") {
        if (!std::filesystem::exists(data)) throw DataError(data.string() + ": no such file or folder");
        return classifier(make_sequence_source(data, seed), sequence_recipe());
    }
    if (!std::filesystem::is_directory(data)) throw DataError(data.string() + ": no such folder");
    if (task == "denoise") return make_denoise_task(data, seed, quality_denoiser(), recipe);
    if (task == "denoise_live") return make_denoise_task(data, seed, live_denoiser(), recipe);
    if (is_word_task(task)) {
        WordTask words = word_task(task, data, seed);
        if (is_live(task)) words.options.negatives = folder_in(data, "negatives");
        return classifier(make_word_source(read_word_recordings(words.folder, words.options), is_live(task)),
                          is_live(task) ? live_recipe() : word_recipe());
    }
    if (task == "row_mnist") return classifier(make_row_source(data), row_recipe());
    throw DataError("unknown task \"" + task +
                    "\", expected wake_words, digits, digits_by_take, words (each also with \"_live\": to be heard in "
                    "streams), row_mnist, sequences, denoise or denoise_live");
}

}  // namespace gruve
