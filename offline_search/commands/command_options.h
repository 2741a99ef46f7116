// Options and outputs that several commands share.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "datasets/layouts/data_options.h"
#include "engine/model/model.h"
#include "engine/preset/metric.h"
#include "engine/preset/preset.h"
#include "offline_search/tasks/task.h"

namespace gruve {

struct TaskRequest;

/// --task, --data, --split-seed and --jobs, the same in every command.
struct TaskOptions {
    std::string task;
    DataOptions data;
    std::filesystem::path recipe, first_stage;
    std::uint64_t split_seed = 1;
    int jobs = 1;

    void add_task(CLI::App&);
    void add_data(CLI::App&);
    void add_jobs(CLI::App&);
    void add_first_stage(CLI::App&);
    /// Reads the data. Prints the first few of the task's remarks to stderr. `change`, if any, gets the request first.
    /// Throws Interrupted on Ctrl-C (catch_interrupts()).
    std::unique_ptr<Task> make(const std::function<void(TaskRequest&)>& change = {}) const;
};

/// Whether it is one of the tasks of denoising.
bool is_denoiser(const std::string& task);
/// The front end of a denoiser's float network, for TaskRequest; empty for another task.
std::optional<DenoiserConfig> denoiser_of(const std::string& task, const FloatNetwork&);

/// --data, which may be repeated, and the options that say how to read it. Returns the option --data.
CLI::Option* add_roots(CLI::App&, DataOptions&, const std::string& help);
/// --layout, which may be repeated.
CLI::Option* add_layout(CLI::App&, DataOptions&);
/// Throws CLI::ValidationError unless there is one --layout for all roots or one for each.
void check_layouts(const DataOptions&);
/// --jobs. Default: the machine's threads.
void add_jobs(CLI::App&, int& jobs);
/// --split, which may be validation or test.
void add_split(CLI::App&, std::string& split);
/// --rate of mixtures of speech and noise, 8000..192000 Hz.
CLI::Option* add_mixing_rate(CLI::App&, int& rate_hz);
/// --sensitivity, −1..1: see engine/streaming/sensitivity.h.
void add_sensitivity(CLI::App&, float& sensitivity);
/// "validation" or "test".
Split split_named(const std::string&);

/// JSON whose members keep the order in which they were set.
using OrderedJson = nlohmann::ordered_json;
OrderedJson to_json(const Score&);
/// {"input":8,"layers":[{"linear_ir":4,…},{"weights":8,"pre_activation":8,"output":8}]}
OrderedJson genome_json(const Model&);
/// "97.32 % ± 1.61 (359 clips)", "6.31 dB ± 0.22 (96 clips)": with half of the 95 % interval.
std::string to_text(const Score&, const Metric&);

}  // namespace gruve
