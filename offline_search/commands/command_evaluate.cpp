// gruve evaluate: what a preset (integer engine) or a float model reaches on a split.
#include <cmath>
#include <iostream>

#include "datasets/support/data_error.h"
#include "offline_search/commands/command_options.h"
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

/// Of several splits taken together.
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

/// The data must mean what the preset was made for.
void check_fits(const Preset& preset, const Task& task, const std::string& data) {
    Preset expected;
    task.describe(expected);
    if (expected.labels != preset.labels) {
        throw DataError(data + ": labels " + listed(expected.labels) + ", but the preset's are " +
                        listed(preset.labels));
    }
    if (preset.kind == TaskKind::keywords && !(expected.log_mel == preset.log_mel)) {
        throw DataError(data + ": recordings at " + std::to_string(expected.rate_hz) +
                        " Hz need another front end than the preset's, made for " + std::to_string(preset.rate_hz) +
                        " Hz");
    }
    if (preset.kind == TaskKind::denoise && !(expected.denoiser == preset.denoiser))
        throw DataError(preset.name + ": its latency, bands or features are not those of the task " + task.name() +
                        "; judge it with gruve denoise-test");
}

void run_float(const Options& options) {
    const FloatNetwork network = load_safetensors(options.model);
    const auto task = options.make();
    std::vector<Score> scores;
    for (const Split split : splits_named(options.split))
        scores.push_back(task->evaluate(network, split, options.jobs));
    const Score score = pooled(scores);
    if (options.json)
        std::cout << OrderedJson({{"task", task->name()},
                                  {"metric", task->metric().id},
                                  {"value", score.value},
                                  {"ci95", score.ci95},
                                  {"n", score.n}})
                         .dump(2)
                  << '\n';
    else
        std::cout << options.model.stem().string() << ", " << task->name() << ", " << options.split << ' '
                  << task->metric().name << ": " << to_text(score, std::string(task->metric().id)) << '\n';
}

void run(Options options) {
    const Preset preset = load_preset(options.preset);
    if (options.task.empty()) options.task = preset.task;
    const auto task = options.make();
    check_fits(preset, *task, options.data.string());
    const Network network(preset.model);
    std::vector<Score> scores;
    for (const Split split : splits_named(options.split))
        scores.push_back(task->evaluate(network, split, options.jobs));
    const Score score = pooled(scores);
    if (!options.json) {
        std::cout << preset.name << ", " << task->name() << ", " << options.split << ' ' << task->metric().name << ": "
                  << to_text(score, std::string(task->metric().id)) << '\n';
        return;
    }
    const OrderedJson result = {{"task", task->name()},
                                {"metric", task->metric().id},
                                {"value", score.value},
                                {"ci95", score.ci95},
                                {"n", score.n},
                                {"parameter_bytes", parameter_bytes(preset.model).total()},
                                {"file_bytes", std::filesystem::file_size(options.preset)},
                                {"steps", score.steps},
                                {"genome", genome_json(preset.model)}};
    std::cout << result.dump(2) << '\n';
}

}  // namespace

void add_evaluate(CLI::App& app) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("evaluate", "Judge a preset with the integer engine");
    auto* preset = command->add_option("--preset", options->preset, "The .gruve file");
    auto* model =
        command
            ->add_option("--model", options->model, "Instead of a preset: a float model (.safetensors); needs --task")
            ->excludes(preset);
    options->add_data(*command);
    model->needs(
        command->add_option("--task", options->task, "Task to judge by, where it isn't the one that the preset names"));
    command->add_option("--split", options->split, "train, validation, test or all")
        ->capture_default_str()
        ->check(CLI::IsMember({"train", "validation", "test", "all"}));
    options->add_jobs(*command);
    command->add_flag("--json", options->json,
                      "Print the result as JSON: ci95 is half the 95 % interval, n counts clips, steps network steps");
    command->callback([options] {
        if (options->preset.empty() && options->model.empty()) throw CLI::RequiredError("--preset or --model");
        options->model.empty() ? run(*options) : run_float(*options);
    });
}

}  // namespace gruve
