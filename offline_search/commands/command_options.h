// Options and outputs that several commands share.
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "offline_search/commands/commands.h"
#include "offline_search/tasks/task.h"

namespace gruve {

/// --task, --data, --split-seed and --jobs: the same words in every command.
struct TaskOptions {
    std::string task;
    std::filesystem::path data, recipe;
    std::uint64_t split_seed = 1;
    int jobs = 1;

    void add_task(CLI::App&);
    void add_data(CLI::App&);
    void add_jobs(CLI::App&);  // default: the machine's threads
    /// Also prints the first of its remarks.
    std::unique_ptr<Task> make() const;
};

/// Objects print with their members in the order in which they were set.
using OrderedJson = nlohmann::ordered_json;
OrderedJson to_json(const Score&);
/// {"input":8,"layers":[{"linear_ir":4,…},{"weights":8,"pre_activation":8,"output":8}]}
OrderedJson genome_json(const Model&);
/// "97.32 % ± 1.61 (359 clips)" or "6.31 dB ± 0.22 (96 clips)".
std::string to_text(const Score&, const std::string& metric);

}  // namespace gruve
