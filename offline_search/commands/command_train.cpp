// gruve train: trains a float model on recordings.
#include <CLI/CLI.hpp>
#include <iostream>

#include "datasets/system/process.h"
#include "offline_search/commands/command_options.h"
#include "offline_search/commands/commands.h"
#include "offline_search/commands/progress.h"
#include "offline_search/files/file_lock.h"
#include "offline_search/files/output_path.h"
#include "offline_search/files/standard_output.h"
#include "offline_search/network/safetensors.h"

namespace gruve {
namespace {

struct TrainArguments : TaskOptions {
    TrainOptions train;
    std::filesystem::path out;
    bool json = false;
};

/// Trains on the data. Without anything learnt, throws what is said about it.
FloatNetwork learn(Task& task, const TrainOptions& train, const TrainArguments& options) {
    const std::string unwritten = options.out.string() + " was not written";
    try {
        FloatNetwork network = task.train(train, print_progress);
        end_progress();
        if (network.metadata.contains("learnt"))
            throw std::runtime_error("the training was stopped " + network.metadata.at("stopped") + "; " + unwritten);
        return network;
    } catch (const Interrupted&) {
        throw std::runtime_error("the training was stopped before the first epoch; " + unwritten);
    }
}

/// Scores the network on a split and notes the score in its metadata.
void judge(Task& task, FloatNetwork& network, Split split, const TrainArguments& options, OrderedJson& result) {
    const Score score = task.evaluate(network, split, options.jobs);
    const std::string name(name_of(split));
    result[name] = to_json(score);
    network.metadata[name] = to_json(score).dump();
    if (!options.json) std::cout << name << ' ' << task.metric().name << ": " << to_text(score, task.metric()) << '\n';
}

void run(const TrainArguments& options) {
    require_writable_file(options.out);
    const FileLock lock(options.out);
    ignore_closed_pipes();  // the reader of the progress may go; the model is still saved
    std::cerr << "reading " << options.data.string() << '\n';
    const auto task = options.make();
    TrainOptions train = options.train;
    train.state = options.out.string() + ".training";
    FloatNetwork network = learn(*task, train, options);
    const auto stopped = network.metadata.find("stopped");
    const bool complete = stopped == network.metadata.end();

    OrderedJson result = {{"task", task->name()}, {"metric", task->metric().id}, {"model", options.out.string()}};
    if (complete)
        for (const Split split : {Split::validation, Split::test}) judge(*task, network, split, options, result);
    network.metadata["task"] = task->name();
    network.metadata["metric"] = task->metric().id;
    network.metadata["seed"] = std::to_string(options.train.seed);
    network.metadata["split_seed"] = std::to_string(options.split_seed);
    network.metadata["complete"] = complete ? "yes" : "no";
    save_safetensors(options.out, network);
    if (options.json) std::cout << text_of(result) << '\n';
    std::cerr << "wrote " << options.out.string() << '\n';
    if (!complete)
        throw std::runtime_error("the training was stopped " + stopped->second +
                                 "; --resume continues it, gruve evaluate --model scores it as it is");
    std::filesystem::remove(train.state);
}

}  // namespace

void add_train(CLI::App& app) {
    auto options = std::make_shared<TrainArguments>();
    auto* command = app.add_subcommand("train", "Train a float network on recordings");
    options->add_task(*command);
    options->add_data(*command);
    command->add_option("--out", options->out, "Model to write (.safetensors)")->required();
    command->add_option("--hidden", options->train.hidden, "Units of each GRU layer")
        ->capture_default_str()
        ->check(CLI::Range(1, 1024));
    command->add_option("--layers", options->train.layers, "Number of GRU layers")
        ->capture_default_str()
        ->check(CLI::Range(1, 4));
    command
        ->add_option("--epochs", options->train.epochs, "Passes over the training data; 0 takes the task's own number")
        ->capture_default_str()
        ->check(CLI::Range(0, 100000));
    command
        ->add_option("--seed", options->train.seed,
                     "Seed of the first weights, the order and the augmentation. The same seed gives the same model")
        ->capture_default_str();
    command
        ->add_option("--recipe", options->recipe,
                     "JSON file of the training settings that differ from the task's defaults, for example "
                     "{\"epochs\": 80, \"learning_rate\": 0.002}. presets/recipes holds examples")
        ->check(CLI::ExistingFile);
    command
        ->add_option("--from", options->train.from,
                     "Model to start from. It may be narrower or wider. Classifiers then learn at a lower rate")
        ->check(CLI::ExistingFile);
    command->add_flag("--resume", options->train.resume,
                      "Continue an interrupted training, whose state is in OUT.training. The model equals that of an "
                      "unbroken training");
    options->add_first_stage(*command);
    options->add_jobs(*command);
    command->add_flag("--json", options->json, "Print the scores as JSON");
    command->footer(
        "Ctrl-C stops the training at once, keeps what it has learnt in whole epochs and says what that is. Use the "
        "validation split to "
        "compare settings and the test split only for the final report.");
    command->callback([options] {
        catch_interrupts();
        options->train.jobs = options->jobs;
        run(*options);
    });
}

}  // namespace gruve
