#include "offline_search/task_table/task_table.h"

#include "datasets/support/data_error.h"
#include "offline_search/task_table/word_task.h"
#include "offline_search/tasks/classification/row_source.h"
#include "offline_search/tasks/classification/sequence_source.h"
#include "offline_search/tasks/classification/task.h"
#include "offline_search/tasks/classification/word_source.h"
#include "offline_search/tasks/denoising/task.h"
#include "offline_search/tasks/words/recordings.h"

namespace gruve {
namespace {

// Word lists

WordFolderOptions wake_words() {
    WordFolderOptions list;
    list.words = {"alexa", "computer", "jarvis", "smart_mirror", "snowboy", "view_glass"};
    return list;
}

WordFolderOptions digits() {
    WordFolderOptions list;
    list.words = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};
    list.unchosen_are_other = false;  // wake words may lie beside the digits
    list.other_apart = true;
    list.validation = list.test = 0.2;  // five speakers: three, one, one
    return list;
}

WordFolderOptions digits_by_take() {
    WordFolderOptions list = digits();
    list.split_by_take = true;
    return list;
}

WordFolderOptions all_words() {
    WordFolderOptions list;
    list.one_voice = true;
    return list;
}

// Factories

void require_folders(const DataOptions& data) {
    for (const auto& root : data.roots)
        if (!std::filesystem::is_directory(root)) throw DataError(root.string() + ": no such folder");
}

std::unique_ptr<Task> make_classifier(const TaskEntry& entry, const TaskRequest& request,
                                      std::unique_ptr<const ClipSource> source, const ClassifierRecipe& usual) {
    return std::make_unique<ClassificationTask>(
        std::string(entry.name), std::move(source),
        request.recipe.empty() ? usual : read_classifier_recipe(request.recipe, usual, entry.live));
}

std::string_view name_of_any_words(bool by_take, bool live) {
    if (by_take) return live ? "words_by_take_live" : "words_by_take";
    return live ? "words_live" : "words";
}

std::unique_ptr<Task> make_word_task(const TaskEntry& entry, const TaskRequest& request) {
    std::vector<std::string> left_out;
    auto roots = word_roots(entry.word_list(), request.data, request.seed, entry.live && !request.judge_only, left_out);
    if (request.whole)
        for (WordRoot& root : roots) root.options.validation = 0, root.options.test = 1;
    WordRecordings recordings = read_word_recordings(roots, request.data);
    recordings.left_out.insert(recordings.left_out.begin(), left_out.begin(), left_out.end());
    // One's own words: the name of the task says, wherever a score is shown, how the takes were split.
    const TaskEntry& named = roots.front().options.one_voice && !request.whole
                                 ? task_named(name_of_any_words(recordings.by_take, entry.live))
                                 : entry;
    return make_classifier(named, request,
                           make_word_source(std::move(recordings), entry.live, request.log_mel, !request.judge_only),
                           entry.live ? live_recipe() : word_recipe());
}

std::unique_ptr<Task> make_row_task(const TaskEntry& entry, const TaskRequest& request) {
    require_folders(request.data);
    return make_classifier(entry, request, make_row_source(request.data), row_recipe());
}

std::unique_ptr<Task> make_sequence_task(const TaskEntry& entry, const TaskRequest& request) {
    for (const auto& root : request.data.roots)
        if (!std::filesystem::exists(root)) throw DataError(root.string() + ": no such file or folder");
    return make_classifier(entry, request, make_sequence_source(request.data, request.seed), sequence_recipe());
}

std::unique_ptr<Task> make_denoiser(const TaskEntry& entry, const TaskRequest& request) {
    require_folders(request.data);
    return make_denoise_task(request.data, request.seed,
                             request.denoiser.value_or(entry.live ? live_denoiser() : quality_denoiser()),
                             request.recipe, request.first_stage, request.rank_heard ? RankBy::heard : RankBy::si_sdr);
}

constexpr TaskEntry table[] = {
    {"wake_words", "Recognises one of six wake words in a clip", false, make_word_task, wake_words},
    {"wake_words_live", "Detects six wake words in a stream", true, make_word_task, wake_words},
    {"digits", "Recognises a spoken digit in a clip; trained and tested with different speakers", false, make_word_task,
     digits},
    {"digits_live", "Detects spoken digits in a stream; trained and tested with different speakers", true,
     make_word_task, digits},
    {"digits_by_take",
     "Recognises a spoken digit in a clip; trained and tested with different takes of the same speakers", false,
     make_word_task, digits_by_take},
    {"digits_by_take_live",
     "Detects spoken digits in a stream; trained and tested with different takes of the same speakers", true,
     make_word_task, digits_by_take},
    {"words", "Recognises a word in a clip, for any folder of words", false, make_word_task, all_words},
    {"words_live", "Detects words in a stream, for any folder of words", true, make_word_task, all_words},
    {"words_by_take",
     "Recognises a word in a clip, for a folder of words by one voice; trained and tested with different takes", false,
     make_word_task, all_words},
    {"words_by_take_live",
     "Detects words in a stream, for a folder of words by one voice; trained and tested with different takes", true,
     make_word_task, all_words},
    {"row_mnist", "Recognises handwritten digits, row by row", false, make_row_task},
    {"sequences", "Classifies labelled float sequences of any kind, from an .npz file", false, make_sequence_task},
    {denoise_name, "Removes noise from speech, with 10 ms of latency", false, make_denoiser},
    {denoise_live_name, "Removes noise from speech, with 5 ms of latency", true, make_denoiser},
};

bool about_words(const TaskEntry& entry) { return entry.word_list != nullptr; }

/// The names of all entries for which `listed` is true, separated by commas.
std::string names(bool (*listed)(const TaskEntry&)) {
    std::string text;
    for (const TaskEntry& entry : table)
        if (listed(entry)) text.append(text.empty() ? "" : ", ").append(entry.name);
    return text;
}

}  // namespace

std::span<const TaskEntry> task_table() { return table; }

const TaskEntry& task_named(std::string_view name) {
    for (const TaskEntry& entry : table)
        if (entry.name == name) return entry;
    throw DataError("unknown task \"" + std::string(name) +
                    "\", expected one of: " + names([](const TaskEntry&) { return true; }));
}

const TaskEntry& word_task_named(std::string_view name) {
    const TaskEntry& entry = task_named(name);
    if (about_words(entry)) return entry;
    throw DataError("task \"" + std::string(name) + "\" isn't about words, expected one of: " + names(about_words));
}

}  // namespace gruve
