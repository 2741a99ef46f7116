// The table of all tasks.
//
// To add a task, write one new entry in task_table.cpp: its name, its purpose, whether it is live, and a function that
// makes it. A new task about words needs no function: give the entry make_word_task and a word list. --task, its help,
// presets and error messages take the names from here.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "datasets/layouts/data_options.h"
#include "datasets/layouts/word_folder.h"
#include "offline_search/tasks/task.h"

namespace gruve {

/// The user's choices for a task.
struct TaskRequest {
    DataOptions data;              // the folders or files of --data
    std::uint64_t seed = 1;        // deals the speakers to the splits
    std::filesystem::path recipe;  // a JSON file of training settings; empty: the task's defaults

    // Denoisers:
    std::filesystem::path first_stage = {};       // a preset whose output the network hears; empty: none
    std::optional<DenoiserConfig> denoiser = {};  // a model's front end; empty: the task's
    bool rank_heard = false;                      // a search ranks by what is heard, not by SI-SDR

    // Words, to judge a preset or model and for nothing else:
    bool judge_only = false;                   // no streams, which only training and search need
    bool whole = false;                        // all recordings are the test split, however few their speakers are
    std::optional<LogMelConfig> log_mel = {};  // a preset's front end, for any rate; empty: the task's
};

/// One task.
struct TaskEntry {
    std::string_view name;     // in --task, models, presets and search results: part of the file formats
    std::string_view purpose;  // for people: one sentence, without the full stop
    bool live = false;         // words: for streams instead of clips; denoising: the lower latency
    std::unique_ptr<Task> (*make)(const TaskEntry&, const TaskRequest&) = nullptr;
    /// Which words, and how they are split. Null unless the task is about words. Folders and seed are not set.
    WordFolderOptions (*word_list)() = nullptr;
};

/// All tasks, in the order in which help and errors list them.
std::span<const TaskEntry> task_table();

/// Throws DataError listing all names if there is no such task.
const TaskEntry& task_named(std::string_view name);
/// Also throws DataError if the task isn't about words.
const TaskEntry& word_task_named(std::string_view name);

}  // namespace gruve
