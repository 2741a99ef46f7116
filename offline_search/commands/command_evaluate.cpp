// gruve evaluate: scores a preset (with the integer engine) or a float model on a split.
#include <cmath>
#include <iostream>

#include "datasets/support/data_error.h"
#include "offline_search/commands/command_options.h"
#include "offline_search/commands/commands.h"
#include "offline_search/commands/load_preset.h"
#include "offline_search/commands/standard_output.h"
#include "offline_search/network/safetensors.h"

namespace gruve {
namespace {

struct Options : TaskOptions {
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

/// Throws DataError where the preset was made for other labels or another front end than the data's task.
void check_fits(const Preset& preset, const Task& task, const std::string& data) {
    Preset expected;
    task.describe(expected);
    if (expected.labels != preset.labels) {
        throw DataError(data + ": labels " + listed(expected.labels) + ", but the preset's are " +
                        listed(preset.labels));
    }
    if (preset.kind == TaskKind::keywords && !(expected.log_mel == preset.log_mel)) {
        throw DataError(data + ": recordings at " + std::to_string(expected.rate_hz) +
                        " Hz need another front end than the preset, which was made for " +
                        std::to_string(preset.rate_hz) + " Hz");
    }
    if (preset.kind == TaskKind::denoise && !(expected.denoiser == preset.denoiser))
        throw DataError(preset.name + ": its latency, bands or features differ from those of the task " + task.name() +
                        "; use gruve denoise-test");
}

template <typename AnyNetwork>
Score score_of(Task& task, const AnyNetwork& network, const Options& options) {
    std::vector<Score> scores;
    for (const Split split : splits_named(options.split)) scores.push_back(task.evaluate(network, split, options.jobs));
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

void run_float(const Options& options) {
    const FloatNetwork network = load_safetensors(options.model);
    const auto task = options.make();
    const Score score = score_of(*task, network, options);
    if (options.json)
        std::cout << text_of(json_of(*task, score)) << '\n';
    else
        print_line(options.model.stem().string(), *task, options.split, score);
}

void run(Options options) {
    const Preset preset = load_preset(options.preset);
    if (options.task.empty()) options.task = preset.task;
    const auto task = options.make();
    check_fits(preset, *task, options.data.string());
    const Score score = score_of(*task, Network(preset.model), options);
    if (!options.json) return print_line(preset.name, *task, options.split, score);
    OrderedJson json = json_of(*task, score);
    json["parameter_bytes"] = parameter_bytes(preset.model).total();
    json["file_bytes"] = std::filesystem::file_size(options.preset);
    json["steps"] = score.steps;
    json["genome"] = genome_json(preset.model);
    std::cout << text_of(json) << '\n';
}

}  // namespace

void add_evaluate(CLI::App& app) {
    auto options = std::make_shared<Options>();
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
