#include "offline_search/commands/command_options.h"

#include <algorithm>
#include <iostream>
#include <thread>

#include "datasets/layouts/known_layouts.h"
#include "datasets/support/data_error.h"
#include "datasets/support/interrupt.h"
#include "engine/streaming/sensitivity.h"
#include "offline_search/selection/result.h"
#include "offline_search/task_table/data_survey.h"
#include "offline_search/task_table/task_table.h"
#include "offline_search/tasks/denoising/task.h"

namespace gruve {

bool is_denoiser(const std::string& task) { return task == denoise_name || task == denoise_live_name; }

void TaskOptions::add_task(CLI::App& command) {
    std::vector<std::string> names;
    std::string help = "The task of the network:";
    for (const TaskEntry& entry : task_table()) {
        names.emplace_back(entry.name);
        help.append("\n  ").append(entry.name).append(": ").append(entry.purpose);
    }
    command.add_option("--task", task, help)->required()->check(CLI::IsMember(names).description(""));
}

void TaskOptions::add_data(CLI::App& command) {
    add_roots(command, data,
              "Folder of recordings; repeat the option to join several. A task reads the parts that it needs: "
              "keywords/<word>/<speaker>_<n>.wav, "
              "speech/<speaker>/*.wav, noise/…, mnist/*-ubyte.gz, and negatives/speech/… and negatives/noise/… "
              "(recordings without any of the words; `…_live` tasks train with them, and no split holds them). "
              "The folder of words, or that of the MNIST files, may also be given itself. "
              "For `sequences`: an .npz file with x (sequences × steps × features), y (labels from 0) and, "
              "optionally, lengths (steps of each sequence), group (sequences of a group stay in one split) and "
              "split (0: train, 1: validation, 2: test)")
        ->required();
    command
        .add_option("--split-seed", split_seed,
                    "Seed that deals the speakers to the training, validation and test splits")
        ->capture_default_str();
}

CLI::Option* add_roots(CLI::App& command, DataOptions& data, const std::string& help) {
    auto* option = command.add_option("--data", data.roots, help)->allow_extra_args(false);
    command
        .add_flag("--same-speakers", data.same_speakers,
                  "With several --data: speakers of one name are the same person, and all folders are dealt to the "
                  "splits as one. Otherwise each folder has its own speakers and is dealt on its own")
        ->needs(option);
    add_layout(command, data)->needs(option);
    command
        .add_option("--memory", data.memory,
                    "Memory for recordings: 500M, 2G. Larger collections are decoded into the cache once and read from "
                    "there. The result is the same")
        ->transform(CLI::AsSizeValue(false))
        ->default_str("1G")
        ->needs(option);
    command
        .add_option("--cache", data.cache,
                    "Disk space for recordings in XDG_CACHE_HOME/gruve or ~/.cache/gruve, for --memory")
        ->transform(CLI::AsSizeValue(false))
        ->default_str("32G")
        ->needs(option);
    command.add_flag("--skip-bad", data.skip_bad, "Go on without files that cannot be read, and name them")
        ->needs(option);
    return option;
}

CLI::Option* add_layout(CLI::App& command, DataOptions& data) {
    std::vector<std::string> names;
    std::string layouts =
        "Layout of the folder, where it isn't recognised; one for all --data, or one for each in turn:";
    for (const LayoutName& known : layout_names()) {
        names.emplace_back(known.id);
        layouts.append("\n  ").append(known.id).append(": ").append(known.purpose);
    }
    return command.add_option("--layout", data.layouts, layouts)
        ->allow_extra_args(false)
        ->check(CLI::IsMember(names).description(""));
}

void check_layouts(const DataOptions& data) {
    if (data.layouts.size() > 1 && data.layouts.size() != data.roots.size())
        throw CLI::ValidationError("--layout: " + std::to_string(data.layouts.size()) + " times, but --data " +
                                   std::to_string(data.roots.size()) +
                                   " times; expected one layout for all, or one for each");
}

void TaskOptions::add_first_stage(CLI::App& command) {
    command
        .add_option("--first-stage", first_stage,
                    "Denoise preset (.gruve) that the sound passes first, frame by frame. The network hears what it "
                    "leaves, and presets hold both")
        ->check(CLI::ExistingFile);
}

void TaskOptions::add_jobs(CLI::App& command) { gruve::add_jobs(command, jobs); }

void add_jobs(CLI::App& command, int& jobs) {
    jobs = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    command.add_option("--jobs", jobs, "Threads. The result is the same for any number")
        ->capture_default_str()
        ->check(CLI::Range(1, 1024));
}

void add_split(CLI::App& command, std::string& split) {
    command.add_option("--split", split, "Split to judge on: validation or test")
        ->capture_default_str()
        ->check(CLI::IsMember({"validation", "test"}));
}

CLI::Option* add_mixing_rate(CLI::App& command, int& rate_hz) {
    return command
        .add_option("--rate", rate_hz,
                    "Sample rate of the mixtures in Hz. Above 16000, take recordings that have something there")
        ->capture_default_str()
        ->check(CLI::Range(8000, 192000));
}

void add_sensitivity(CLI::App& command, float& sensitivity) {
    command
        .add_option("--sensitivity", sensitivity,
                    "-1..1: above 0 more words are hit and more false alarms given, below 0 fewer of both. 0: the "
                    "preset's own thresholds. gruve info lists what the preset knows about others")
        ->check(CLI::Range(least_sensitivity, most_sensitivity))
        ->capture_default_str();
}

Split split_named(const std::string& name) { return name == "test" ? Split::test : Split::validation; }

std::optional<DenoiserConfig> denoiser_of(const std::string& task, const FloatNetwork& network) {
    return is_denoiser(task) ? std::optional(denoiser_config_of(network)) : std::nullopt;
}

std::unique_ptr<Task> TaskOptions::make(const std::function<void(TaskRequest&)>& change) const {
    check_layouts(data);
    const Stoppable reading;
    constexpr std::size_t printed = 10;
    const TaskEntry& entry = task_named(task);
    if (!first_stage.empty() && !is_denoiser(task))
        throw DataError("--first-stage: only a denoiser has one, not " + task);
    TaskRequest request{data, split_seed, recipe, first_stage};
    if (change) change(request);
    auto made = entry.make(entry, request);
    for (const RootSurvey& root : survey(data, jobs))
        if (!root.layout.empty()) std::cerr << root.root.string() << ": " << root.line() << '\n';
    const std::vector<std::string> remarks = made->remarks();
    for (std::size_t i = 0; i < std::min(printed, remarks.size()); ++i) std::cerr << "left out: " << remarks[i] << '\n';
    if (remarks.size() > printed) std::cerr << "left out: " << remarks.size() - printed << " more\n";
    return made;
}

OrderedJson to_json(const Score& score) { return {{"value", score.value}, {"ci95", score.ci95}, {"n", score.n}}; }

OrderedJson genome_json(const Model& model) {
    OrderedJson layers = OrderedJson::array();
    for (const auto& layer : model.layers) {
        OrderedJson widths;
        const auto* over_bands = std::get_if<BandGruLayer>(&layer);  // both directions have the same widths
        if (const auto* gru = over_bands ? &over_bands->forward : std::get_if<GruLayer>(&layer)) {
            for (int op = 0; op < operator_count; ++op) {
                widths[std::string(name_of(static_cast<Operator>(op)))] = gru->width(static_cast<Operator>(op));
            }
        } else {
            const auto& dense = std::get<DenseLayer>(layer);
            widths = {{"weights", dense.widths.weights},
                      {"pre_activation", dense.widths.pre_activation},
                      {"output", dense.widths.output}};
            if (dense.adds) widths["copy"] = dense.copy_width;
        }
        layers.push_back(widths);
    }
    return {{"input", model.input.bits}, {"layers", layers}};
}

std::string to_text(const Score& score, const Metric& metric) {
    return score_text(score, metric) + " (" + std::to_string(score.n) + " clips)";
}

}  // namespace gruve
