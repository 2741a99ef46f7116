// The tasks that gruve knows, by name.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "datasets/layouts/word_folder.h"
#include "offline_search/tasks/task.h"

namespace gruve {

/// Which words, which other speech and noise a word task takes from `data`. Throws DataError for another task.
struct WordTask {
    std::filesystem::path folder;
    WordFolderOptions options;
};
WordTask word_task(const std::string& task, const std::filesystem::path& data, std::uint64_t seed);

/// task: wake_words, digits (by speaker), digits_by_take, words (any word folder), each also with "_live" (to be heard in streams), row_mnist,
/// sequences (any .npz), denoise, denoise_live. `data` is the folder that --data names; `seed` deals the speakers to the splits.
/// recipe: a JSON file of training settings (denoise_recipe.h, classifier_recipe.h), or empty.
/// Throws DataError where the folder doesn't hold what the task needs.
std::unique_ptr<Task> make_task(const std::string& task, const std::filesystem::path& data, std::uint64_t seed,
                                const std::filesystem::path& recipe = {});

}  // namespace gruve
