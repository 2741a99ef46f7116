// gruve evaluate: scores a preset (with the integer engine) or a float model on a split.
#include <cmath>
#include <iostream>
#include <optional>

#include "datasets/support/data_error.h"
#include "offline_search/commands/command_options.h"
#include "offline_search/commands/commands.h"
#include "offline_search/commands/load_preset.h"
#include "offline_search/files/standard_output.h"
#include "offline_search/network/safetensors.h"
#include "offline_search/task_table/task_table.h"
#include "offline_search/tasks/denoising/task.h"

namespace gruve {
namespace {

struct EvaluateArguments : TaskOptions {
    std::filesystem::path preset, model;
    std::string split = "validation";
    bool json = false;
};

std::vector<Split> splits_named(const std::string& name) {
    std::vector<Split> splits;
    for (const Split split : {Split::train, Split::validation, Split::test}) {
        if (name == "all" || name == name_of(split)) splits.push_back(split);
    }
    return splits;
}

/// The score of several splits taken together.
Score pooled(const std::vector<Score>& scores) {
    Score all;
    double sum = 0, squares = 0;
    for (const Score& score : scores) {
        sum += score.n * score.value;
        squares += std::pow(score.n * score.ci95, 2);
        all.n += score.n;
        all.steps += score.steps;
    }
    all.value = sum / all.n;
    all.ci95 = std::sqrt(squares) / all.n;
    return all;
}

std::string listed(const std::vector<std::string>& labels) {
    std::string text;
    for (const auto& label : labels) text += (text.empty() ? "" : ", ") + label;
    return text;
}

/// Throws DataError where the preset was made for other labels than the data's, is of another task, or has two stages.
void check_fits(const Preset& preset, const Task& task, const EvaluateArguments& options) {
    Preset expected;
    task.describe(expected);
    if (expected.labels != preset.labels) {
        throw DataError(options.data.string() + ": labels " + listed(expected.labels) + ", but the preset's are " +
                        listed(preset.labels));
    }
    if (preset.kind == TaskKind::denoise && task.name() != options.task)
        throw DataError(preset.name + ": a preset of task " + task.name() + ", not of " + options.task);
    if (!preset.before.empty()) throw DataError(preset.name + ": has two stages; use gruve denoise-test");
}

/// The recordings to judge on.
struct Judged {
    std::unique_ptr<Task> task;
    std::vector<Split> splits;
};

/// Reads the recordings. With --split all, those that cannot be dealt to splits (of one speaker, say) are judged as one
/// set.
Judged read_data(const EvaluateArguments& options, const std::optional<LogMelConfig>& log_mel,
                 const std::optional<DenoiserConfig>& denoiser = {}) {
    const auto read = [&](bool whole) {
        return options.make([&](TaskRequest& request) {
            request.judge_only = true;
            request.whole = whole;
            request.log_mel = log_mel;
            request.denoiser = denoiser;
        });
    };
    try {
        return {read(false), splits_named(options.split)};
    } catch (const DataError&) {
        const bool words = task_named(options.task).word_list != nullptr;
        if (!words || options.split != "all") throw;
        return {read(true), {Split::test}};
    }
}

template <typename AnyNetwork>
Score score_of(const Judged& judged, const AnyNetwork& network, const EvaluateArguments& options) {
    std::vector<Score> scores;
    for (const Split split : judged.splits) scores.push_back(judged.task->evaluate(network, split, options.jobs));
    return pooled(scores);
}

void print_line(const std::string& name, const Task& task, const std::string& split, const Score& score) {
    std::cout << name << ", " << task.name() << ", " << split << ' ' << task.metric().name << ": "
              << to_text(score, task.metric()) << '\n';
}

OrderedJson json_of(const Task& task, const Score& score) {
    return {{"task", task.name()},
            {"metric", task.metric().id},
            {"value", score.value},
            {"ci95", score.ci95},
            {"n", score.n}};
}

void run_float(const EvaluateArguments& options) {
    const FloatNetwork network = load_safetensors(options.model);
    refuse_first_stage(network, options.model.string());
    const Judged judged = read_data(options, std::nullopt, denoiser_of(options.task, network));
    const Score score = score_of(judged, network, options);
    if (options.json)
        std::cout << text_of(json_of(*judged.task, score)) << '\n';
    else
        print_line(options.model.stem().string(), *judged.task, options.split, score);
}

void run(EvaluateArguments options) {
    const Preset preset = load_preset(options.preset);
    if (options.task.empty()) options.task = preset.task;
    const bool words = preset.kind == TaskKind::keywords, denoiser = preset.kind == TaskKind::denoise;
    const Judged judged = read_data(options, words ? std::optional(preset.log_mel) : std::nullopt,
                                    denoiser ? std::optional(preset.denoiser) : std::nullopt);
    check_fits(preset, *judged.task, options);
    const Score score = score_of(judged, Network(preset.model), options);
    if (!options.json) return print_line(preset.name, *judged.task, options.split, score);
    OrderedJson json = json_of(*judged.task, score);
    json["parameter_bytes"] = parameter_bytes(preset);
    json["file_bytes"] = std::filesystem::file_size(options.preset);
    json["steps"] = score.steps;
    json["genome"] = genome_json(preset.model);
    std::cout << text_of(json) << '\n';
}

}  // namespace

void add_evaluate(CLI::App& app) {
    auto options = std::make_shared<EvaluateArguments>();
    auto* command = app.add_subcommand("evaluate", "Score a preset with the integer engine, or a float model");
    auto* preset = command->add_option("--preset", options->preset, "Preset (.gruve)");
    auto* model =
        command->add_option("--model", options->model, "Float model (.safetensors), instead of a preset; needs --task")
            ->excludes(preset);
    options->add_data(*command);
    model->needs(
        command->add_option("--task", options->task, "Task to score on. Default: the task that the preset names"));
    command->add_option("--split", options->split, "Split to score on: train, validation, test or all")
        ->capture_default_str()
        ->check(CLI::IsMember({"train", "validation", "test", "all"}));
    options->add_jobs(*command);
    command->add_flag("--json", options->json,
                      "Print the result as JSON: value; ci95, half of the 95 % interval; n, the number of clips; "
                      "steps, the number of network steps");
    command->callback([options] {
        if (options->preset.empty() && options->model.empty()) throw CLI::RequiredError("--preset or --model");
        options->model.empty() ? run(*options) : run_float(*options);
    });
}

}  // namespace gruve
