// Makes a task by its name.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "datasets/layouts/data_options.h"
#include "offline_search/tasks/task.h"

namespace gruve {

/// task: a name of the task table. data: the folders or files of --data. seed: deals the speakers to the splits.
/// recipe: a JSON file of training settings (tasks/denoising/recipe.h, tasks/classification/recipe.h), or empty. Throws
/// DataError if there is no such task or the data isn't what the task needs.
std::unique_ptr<Task> make_task(std::string_view task, const DataOptions& data, std::uint64_t seed,
                                const std::filesystem::path& recipe = {});

}  // namespace gruve
