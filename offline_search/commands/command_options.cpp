#include "offline_search/commands/command_options.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <thread>

#include "offline_search/task_table/make_task.h"
#include "offline_search/task_table/task_table.h"

namespace gruve {

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
    command
        .add_option(
            "--data", data,
            "Folder with what the task needs of keywords/<word>/<speaker>_<n>.wav, speech/<speaker>/*.wav, noise/…, "
            "negatives/speech/… and negatives/noise/… (without any of the words: more to train `…_live` with, in no "
            "split) and "
            "mnist/*-ubyte.gz; a folder of words, or of the idx files, may be given itself. For `sequences` an .npz of "
            "x (sequences x steps x "
            "features), y (labels from 0) and possibly lengths, group (what stays together in a split) and split (0 "
            "train, 1 validation, 2 test)")
        ->required();
    command.add_option("--split-seed", split_seed, "Deals the speakers to training, validation and test")
        ->capture_default_str();
}

void TaskOptions::add_jobs(CLI::App& command) {
    jobs = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    command.add_option("--jobs", jobs, "Threads; never changes a result")
        ->capture_default_str()
        ->check(CLI::Range(1, 1024));
}

std::unique_ptr<Task> TaskOptions::make() const {
    constexpr std::size_t printed = 10;
    auto made = make_task(task, data, split_seed, recipe);
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
        if (const auto* gru = std::get_if<GruLayer>(&layer)) {
            for (int op = 0; op < operator_count; ++op) {
                widths[std::string(name_of(static_cast<Operator>(op)))] = gru->width(static_cast<Operator>(op));
            }
        } else {
            const auto& dense = std::get<DenseLayer>(layer).widths;
            widths = {{"weights", dense.weights}, {"pre_activation", dense.pre_activation}, {"output", dense.output}};
        }
        layers.push_back(widths);
    }
    return {{"input", model.input.bits}, {"layers", layers}};
}

std::string to_text(const Score& score, const std::string& metric) {
    const bool percent = metric == "accuracy";
    const double scale = percent ? 100 : 1;
    char text[100];
    std::snprintf(text, sizeof text, "%.2f %s ± %.2f (%d clips)", scale * score.value, percent ? "%" : "dB",
                  scale * score.ci95, score.n);
    return text;
}

}  // namespace gruve
