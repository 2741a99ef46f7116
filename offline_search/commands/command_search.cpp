// gruve search: float model → a front of presets.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iostream>

#include "datasets/support/data_error.h"
#include "offline_search/commands/command_options.h"
#include "offline_search/files/write_file.h"
#include "offline_search/network/safetensors.h"
#include "offline_search/report/report.h"
#include "offline_search/search/cluster.h"
#include "offline_search/selection/job.h"

namespace gruve {
namespace {

struct Options : TaskOptions {
    std::filesystem::path model;
    std::vector<int> hidden;
    SearchJob job;
    std::string scheme = "gruve", fine_tuning = "none", objectives = "error,bytes";
    double timeout_s = 300;
    bool split_seed_given = false, json = false;
};

/// The model's own record of how it was made must agree with what is asked for: another split would judge on training speakers.
void check_metadata(const FloatNetwork& network, const std::string& file, Options& options) {
    const auto find = [&](const char* key) {
        const auto entry = network.metadata.find(key);
        return entry == network.metadata.end() ? std::string() : entry->second;
    };
    const std::string task = find("task"), seed = find("split_seed");
    if (!task.empty() && task != options.task)
        throw DataError(file + ": trained for task " + task + ", --task is " + options.task);
    if (seed.empty()) return;
    if (options.split_seed_given && seed != std::to_string(options.split_seed))
        throw DataError(file + ": trained with --split-seed " + seed + ", not " + std::to_string(options.split_seed) +
                        ": it may have learnt what would judge it");
    options.split_seed = std::stoull(seed), options.split_seed_given = true;
}

/// model.safetensors → model-h48.safetensors: where the same task's network of another hidden size lies.
std::filesystem::path beside(const std::filesystem::path& model, int hidden) {
    return model.parent_path() / (model.stem().string() + "-h" + std::to_string(hidden) + model.extension().string());
}

/// The model, and those of --hidden that aren't its own size.
std::vector<FloatNetwork> load_networks(Options& options) {
    std::vector<FloatNetwork> networks = {load_safetensors(options.model)};
    check_metadata(networks.front(), options.model.string(), options);
    for (const int hidden : options.hidden) {
        const auto has_size = [&](const FloatNetwork& network) { return hidden_size(network) == hidden; };
        if (std::any_of(networks.begin(), networks.end(), has_size)) continue;
        const std::filesystem::path path = beside(options.model, hidden);
        if (!std::filesystem::exists(path))
            throw DataError(path.string() + ": missing; `gruve train … --hidden " + std::to_string(hidden) +
                            " --out` makes it");
        networks.push_back(load_safetensors(path));
        check_metadata(networks.back(), path.string(), options);
        if (!has_size(networks.back()))
            throw DataError(path.string() + ": hidden size " + std::to_string(hidden_size(networks.back())) +
                            ", expected " + std::to_string(hidden));
    }
    return networks;
}

void check_shapes(const FloatNetwork& network, const Task& task, const std::string& file) {
    Preset preset;
    task.describe(preset);
    if (!preset.labels.empty() && network.output_size() != static_cast<int>(preset.labels.size()))
        throw DataError(file + ": " + std::to_string(network.output_size()) + " outputs, the data has " +
                        std::to_string(preset.labels.size()) + " labels");
}

std::string line_of(const SearchProgress& p, const std::string& metric) {
    char text[200];
    const double value = p.record.best.value;
    std::snprintf(
        text, sizeof text,
        "generation %d/%d  %lld evaluations, %.0f/s  hypervolume %.4f  best %.0f bytes at %.2f %s  %.0f s left",
        p.record.generation, p.generations, static_cast<long long>(p.record.evaluations), p.evaluations_per_second,
        p.record.hypervolume, p.record.best.bytes, shown_value(metric, value), metric == "accuracy" ? "%" : "dB",
        p.seconds_left);
    return text;
}

void print_summary(const SearchResult& result, const std::filesystem::path& out) {
    for (const JudgedPoint& judged : result.presets) {
        std::cout << (judged.recommended ? "* " : "  ") << judged.name << ": " << judged.point.objectives.bytes
                  << " bytes, " << static_cast<int>(1000 * reduction(result, judged.point)) / 10.0
                  << " % smaller, validation " << to_text(judged.validation, result.metric) << ", test "
                  << to_text(judged.test, result.metric) << '\n';
    }
    const JudgedPoint& eight = result.homogeneous.front();
    std::cout << "  " << eight.name << ": " << eight.point.objectives.bytes << " bytes, validation "
              << to_text(eight.validation, result.metric) << ", test " << to_text(eight.test, result.metric)
              << "\n  float: validation " << to_text(result.float_validation, result.metric) << ", test "
              << to_text(result.float_test, result.metric) << "\nwrote " << (out / "presets").string()
              << ", search.json and report.html\n";
}

void run(Options& options) {
    const std::vector<FloatNetwork> networks = load_networks(options);
    std::cerr << "reading " << options.data.string() << '\n';
    const auto task = options.make();
    check_shapes(networks.front(), *task, options.model.string());
    options.job.scheme = gene_scheme_from(options.scheme);
    options.job.fine_tuning = options.fine_tuning == "best"    ? FineTuning::best
                              : options.fine_tuning == "front" ? FineTuning::front
                                                               : FineTuning::none;
    options.job.jobs = options.jobs;
    options.job.cost_objective = options.objectives == "error,bytes,ns";
    if (cluster->rank() > 0) return serve_search(*task, networks, options.job, *cluster);
    cluster->timeout_s = options.timeout_s;
    const auto say = [](const std::string& line) { std::cerr << line << '\n'; };
    SearchResult result;
    try {
        result = run_search_job(
            *task, networks, options.job, [&](const SearchProgress& p) { print_progress(line_of(p, std::string(task->metric().id))); },
            say, [] { return interrupted.load(); }, cluster->size() > 1 ? cluster : nullptr);
        cluster->dismiss();
    } catch (const Interrupted&) {
        cluster->dismiss();
        throw std::runtime_error("stopped before the first generation was finished: nothing to keep");
    } catch (...) {
        cluster->dismiss();  // else the others would wait for ever
        throw;
    }
    std::cerr << '\n';
    write_file(options.job.out / "report.html", report_html({result}));
    if (options.json)
        std::cout << read_text(options.job.out / "search.json");
    else
        print_summary(result, options.job.out);
    if (result.interrupted)
        throw std::runtime_error("the search was stopped after generation " + std::to_string(result.generations) +
                                 "; --resume continues it");
}

}  // namespace

void add_search(CLI::App& app) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand(
        "search", "Search for the bit width of every operator and write the best trade-offs as presets");
    options->add_task(*command);
    command->add_option("--model", options->model, "The float model that `gruve train` wrote (safetensors)")
        ->required()
        ->check(CLI::ExistingFile);
    command
        ->add_option("--hidden", options->hidden,
                     "Hidden sizes to choose from, e.g. 48,64,96: beside model.safetensors lies model-h48.safetensors "
                     "for each that isn't the model's own; sizes are compared with the model at 8 bit")
        ->delimiter(',')
        ->check(CLI::Range(1, 1024));
    options->add_data(*command);
    command->get_option("--split-seed")->default_str("the model's");
    command->add_option("--out", options->job.out, "Folder for presets/, search.json, report.html and the checkpoint")
        ->required();
    command->add_option("--seed", options->job.settings.seed, "The same seed gives the same presets")
        ->capture_default_str();
    command->add_option("--population", options->job.settings.population, "Genomes in a generation, a multiple of 4")
        ->capture_default_str()
        ->check(CLI::Range(8, 10000));
    command->add_option("--generations", options->job.settings.generations, "Generations after the first population")
        ->capture_default_str()
        ->check(CLI::Range(0, 100000));
    command->add_option("--calibration", options->job.calibration, "Training sequences for ranges and Hessians")
        ->capture_default_str()
        ->check(CLI::Range(1, 100000));
    command
        ->add_option("--scheme", options->scheme,
                     "gruve; further: also weights of 1 bit and ternary; paper: 17 genes of 2..8 bits and a narrow "
                     "state, as arXiv 2402.12263")
        ->capture_default_str()
        ->check(CLI::IsMember({"gruve", "further", "paper"}));
    command
        ->add_option("--finetune", options->fine_tuning,
                     "best: the recommended point and a few smaller ones; front: all that become presets; none")
        ->capture_default_str()
        ->check(CLI::IsMember({"best", "front", "none"}));
    command
        ->add_option("--finetune-epochs", options->job.fine_tuning_epochs,
                     "Passes over the training sequences for each")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    command->add_option("--name", options->job.name, "What the presets' names begin with; default: the task")
        ->check([](const std::string& name) {
            return name.find('/') == std::string::npos ? std::string() : "a name without /";
        });
    command->add_option("--licence", options->job.provenance,
                        "Where the data comes from and under which licence: kept in the presets");
    command
        ->add_option("--objectives", options->objectives,
                     "error,bytes or error,bytes,ns: the cost of a step, measured here, as a third (such a search "
                     "repeats only from its checkpoint)")
        ->capture_default_str()
        ->check(CLI::IsMember({"error,bytes", "error,bytes,ns"}));
    command
        ->add_option("--timeout", options->timeout_s,
                     "Under mpirun: seconds without a result from another process before the job ends")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000000));
    options->add_jobs(*command);
    command->add_flag("--resume", options->job.resume,
                      "Continue the search in --out; the result equals an unbroken run's");
    command->add_flag("--json", options->json, "Print search.json");
    command->footer(
        "`mpirun -np N gruve search …` spreads the evaluations over N processes, on any nodes; the presets are the "
        "same. "
        "Chooses by the validation split (the recommended preset by altered ones, too); a run scores the test split "
        "only for what it has chosen. Ctrl-C writes what was found so far.");
    command->callback([options, command] {
        options->split_seed_given = command->count("--split-seed") > 0;
        run(*options);
    });
}

}  // namespace gruve
