// gruve search: searches the bit widths of a float model's operators and writes the best trade-offs as presets.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <optional>

#include "datasets/support/data_error.h"
#include "datasets/support/utf8.h"
#include "datasets/system/process.h"
#include "offline_search/commands/command_options.h"
#include "offline_search/commands/commands.h"
#include "offline_search/commands/progress.h"
#include "offline_search/files/folder_lock.h"
#include "offline_search/files/output_path.h"
#include "offline_search/files/write_file.h"
#include "offline_search/listening/material.h"
#include "offline_search/listening/web_package.h"
#include "offline_search/network/safetensors.h"
#include "offline_search/report/report.h"
#include "offline_search/search/cluster.h"
#include "offline_search/search/nsga2.h"
#include "offline_search/selection/job.h"
#include "offline_search/task_table/task_table.h"
#include "offline_search/tasks/denoising/task.h"

namespace gruve {
namespace {

struct SearchArguments : TaskOptions {
    std::filesystem::path model;
    std::vector<int> hidden;
    SearchJob job;
    std::string scheme = "gruve", fine_tuning = "none", objectives = "error,bytes", rank = "si_sdr";
    double timeout_s = 0;
    bool split_seed_given = false, json = false;
};

/// mark: the first stage behind which the model was trained, or "".
void check_first_stage(const FloatNetwork& network, const std::string& mark, const std::string& file,
                       const std::filesystem::path& first_stage) {
    if (mark.empty() && first_stage.empty()) return;
    if (mark.empty()) throw DataError(file + ": trained without --first-stage");
    if (first_stage.empty()) throw DataError(file + ": trained behind " + mark + ", which --first-stage must name");
    const std::string given = read_first_stage(first_stage, denoiser_config_of(network))->mark;
    if (given != mark) throw DataError(file + ": trained behind " + mark + ", not behind " + given);
}

/// Compares the model's record of its training with the options. With another split seed, the search would judge on
/// speakers of the training. Takes the model's split seed where none was given.
void check_metadata(const FloatNetwork& network, const std::string& file, SearchArguments& options) {
    const auto find = [&](const char* key) {
        const auto entry = network.metadata.find(key);
        return entry == network.metadata.end() ? std::string() : entry->second;
    };
    const std::string task = find("task"), seed = find("split_seed");
    if (!task.empty() && task != options.task)
        throw DataError(file + ": trained for task " + task + ", --task is " + options.task);
    check_first_stage(network, find("first_stage"), file, options.first_stage);
    if (seed.empty()) return;
    if (options.split_seed_given && seed != std::to_string(options.split_seed))
        throw DataError(file + ": trained with --split-seed " + seed + ", not " + std::to_string(options.split_seed) +
                        ": the splits would hold recordings that the model was trained on");
    options.split_seed = std::stoull(seed), options.split_seed_given = true;
}

/// The path of the same task's model with another hidden size: model.safetensors → model-h48.safetensors.
std::filesystem::path beside(const std::filesystem::path& model, int hidden) {
    return model.parent_path() / (model.stem().string() + "-h" + std::to_string(hidden) + model.extension().string());
}

/// The model, and a model of each other size in --hidden.
std::vector<FloatNetwork> load_networks(SearchArguments& options) {
    std::vector<FloatNetwork> networks = {load_safetensors(options.model)};
    check_metadata(networks.front(), options.model.string(), options);
    for (const int hidden : options.hidden) {
        const auto has_size = [&](const FloatNetwork& network) { return hidden_size(network) == hidden; };
        if (std::any_of(networks.begin(), networks.end(), has_size)) continue;
        const std::filesystem::path path = beside(options.model, hidden);
        if (!std::filesystem::exists(path))
            throw DataError(path.string() + ": missing; make it with `gruve train … --hidden " +
                            std::to_string(hidden) + " --out " + path.string() + "`");
        networks.push_back(load_safetensors(path));
        check_metadata(networks.back(), path.string(), options);
        if (denoiser_of(options.task, networks.back()) != denoiser_of(options.task, networks.front()))
            throw DataError(path.string() + ": its net_every, look_ahead, each_frame or comb differs from that of " +
                            options.model.string());
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
        throw DataError(file + ": " + std::to_string(network.output_size()) + " outputs, but the data has " +
                        std::to_string(preset.labels.size()) + " labels");
}

std::string line_of(const SearchProgress& p, const Metric& metric) {
    char text[200];
    std::snprintf(text, sizeof text,
                  "generation %d/%d  %lld evaluations, %.0f/s  hypervolume %.4f  best %.0f bytes at %s  %.0f s left",
                  p.record.generation, p.generations, static_cast<long long>(p.record.evaluations),
                  p.evaluations_per_second, p.record.hypervolume, p.record.best.bytes,
                  metric.text(p.record.best.value).c_str(), p.seconds_left);
    return text;
}

void print_summary(const SearchResult& result, const std::filesystem::path& out) {
    const Metric metric = metric_named(result.metric);
    const auto scores = [&](const Score& validation, const Score& test) {
        return "validation " + to_text(validation, metric) + ", test " + to_text(test, metric);
    };
    for (const JudgedPoint& judged : result.presets) {
        std::cout << (judged.recommended ? "* " : "  ") << judged.name << ": " << judged.point.objectives.bytes
                  << " bytes, " << static_cast<int>(1000 * reduction(result, judged.point)) / 10.0 << " % smaller, "
                  << scores(judged.validation, judged.test) << '\n';
    }
    const JudgedPoint& eight = result.homogeneous.front();
    std::cout << "  " << eight.name << ": " << eight.point.objectives.bytes << " bytes, "
              << scores(eight.validation, eight.test)
              << "\n  float: " << scores(result.float_validation, result.float_test) << "\nwrote "
              << (out / "presets").string() << ", search.json and report.html\n";
}

FineTuning fine_tuning_named(const std::string& name) {
    if (name == "best") return FineTuning::best;
    if (name == "rounds") return FineTuning::rounds;
    return name == "front" ? FineTuning::front : FineTuning::none;
}

/// Runs the search as rank 0 of the cluster. The other processes are dismissed however it ends.
SearchResult search(Task& task, const std::vector<FloatNetwork>& networks, const SearchJob& job, Cluster& cluster) {
    const Metric metric = task.metric();
    const auto progress = [&](const SearchProgress& p) { print_progress(line_of(p, metric)); };
    const auto say = [](const std::string& line) {
        end_progress();
        std::cerr << line << '\n';
    };
    const auto stop = [] { return interrupted.load(); };
    try {
        SearchResult result =
            run_search_job(task, networks, job, progress, say, stop, cluster.size() > 1 ? &cluster : nullptr);
        cluster.dismiss();
        return result;
    } catch (const Interrupted&) {
        cluster.dismiss();
        throw std::runtime_error("stopped before the first generation was finished; there is nothing to keep");
    } catch (...) {
        cluster.dismiss();
        throw;
    }
}

/// HTML that plays a denoiser's presets, where the browser's package is built; else why the page doesn't.
std::string listen(const SearchResult& result, const FloatNetwork& network, const SearchArguments& options) {
    if (!is_denoiser(result.task)) return "";
    try {
        const std::optional<WebPackage> package = find_web_package();
        if (!package) return silent_html(how_to_build_the_web_package);
        ListenGroup group = listen_group(result, options.job.out, &network);
        group.sounds = test_sounds(group, options.data, options.split_seed);
        return listen_html({group}, *package);
    } catch (const DataError& failed) {  // the presets are written, and the report must be too
        return silent_html(failed.what());
    }
}

/// Refuses an output that is certain to fail before the data is read.
void check_output(const SearchJob& job) {
    require_writable_folder(job.out);
    require_new_or_resumed(job);
    if (std::filesystem::exists(job.out / ".lock")) FolderLock{job.out};
}

void run(SearchArguments& options, Cluster& cluster) {
    require_nsga2();
    ignore_closed_pipes();  // the reader of the progress may go; the presets are still saved
    if (options.rank == "heard") options.job.rank = options.rank;
    if (!options.job.rank.empty() && !is_denoiser(options.task))
        throw DataError("--rank heard: only denoisers are heard; --task is " + options.task);
    if (std::filesystem::is_directory(options.job.earlier)) options.job.earlier /= "search.json";
    if (cluster.rank() == 0) check_output(options.job);
    const std::vector<FloatNetwork> networks = load_networks(options);
    std::cerr << "reading " << options.data.string() << '\n';
    const auto task = options.make([&](TaskRequest& request) {
        request.denoiser = denoiser_of(options.task, networks.front());
        request.rank_heard = options.rank == "heard";
    });
    check_shapes(networks.front(), *task, options.model.string());
    options.job.scheme = gene_scheme_from(options.scheme);
    options.job.fine_tuning = fine_tuning_named(options.fine_tuning);
    options.job.jobs = options.jobs;
    options.job.cost_objective = options.objectives == "error,bytes,ns";
    if (cluster.rank() > 0) return serve_search(*task, networks, options.job, cluster);
    cluster.timeout_s = options.timeout_s;
    const SearchResult result = search(*task, networks, options.job, cluster);
    end_progress();
    write_file(options.job.out / "report.html", report_html({result}, listen(result, networks.front(), options)));
    if (options.json)
        std::cout << read_text(options.job.out / "search.json");
    else
        print_summary(result, options.job.out);
    if (result.interrupted)
        throw std::runtime_error("the search was stopped after generation " + std::to_string(result.generations) +
                                 "; --resume continues it");
}

void add_inputs(CLI::App& command, SearchArguments& options) {
    options.add_task(command);
    command.add_option("--model", options.model, "Float model (.safetensors) that `gruve train` wrote")
        ->required()
        ->check(CLI::ExistingFile);
    command
        .add_option("--hidden", options.hidden,
                    "Hidden sizes to choose from, for example 48,64,96. For each size other than the model's own, a "
                    "model-h48.safetensors (for 48) must lie beside model.safetensors. All sizes are compared with the "
                    "model at 8 bit")
        ->delimiter(',')
        ->check(CLI::Range(1, 1024));
    options.add_first_stage(command);
    options.add_data(command);
    command.get_option("--split-seed")->default_str("the model's");
    command
        .add_option("--out", options.job.out, "Folder to write presets/, search.json, report.html and a checkpoint to")
        ->required();
    const auto is_text = [](const std::string& text) {
        return is_utf8(text) ? std::string() : "not UTF-8: " + escaped(text);
    };
    command.add_option("--name", options.job.name, "Start of the presets' names. Default: the task's name")
        ->check([](const std::string& name) {
            return name.find('/') == std::string::npos ? std::string() : "a name must not hold a /";
        })
        ->check(is_text);
    command
        .add_option("--licence", options.job.provenance,
                    "Origin and licence of the data, as a text that every preset keeps")
        ->check(is_text);
}

void add_search_settings(CLI::App& command, SearchArguments& options) {
    command.add_option("--seed", options.job.settings.seed, "Seed of the search. The same seed gives the same presets")
        ->capture_default_str();
    command.add_option("--population", options.job.settings.population, "Genomes in a generation, a multiple of 4")
        ->capture_default_str()
        ->check(CLI::Range(8, 10000));
    command
        .add_option("--generations", options.job.settings.generations,
                    "Number of generations after the first population")
        ->capture_default_str()
        ->check(CLI::Range(0, 100000));
    command
        .add_option("--calibration", options.job.calibration,
                    "Number of training sequences that calibrate ranges and Hessians")
        ->capture_default_str()
        ->check(CLI::Range(1, 100000));
    command
        .add_option("--scheme", options.scheme,
                    "Which widths to search. gruve: 2 to 8 bits for every operator and more; further: also binary and "
                    "ternary weights; paper: 17 genes of 2 to 8 bits and a narrow state, as in arXiv 2402.12263")
        ->capture_default_str()
        ->check(CLI::IsMember({"gruve", "further", "paper"}));
    command
        .add_option("--objectives", options.objectives,
                    "Objectives to minimise: error,bytes or error,bytes,ns. ns is the time of a step, measured on this "
                    "machine; such a search repeats only from its checkpoint")
        ->capture_default_str()
        ->check(CLI::IsMember({"error,bytes", "error,bytes,ns"}));
    command
        .add_option("--rank", options.rank,
                    "What the error of denoisers is. si_sdr: the gain in SI-SDR; heard: the gain in what is heard, an "
                    "estimate of the score of presets/judge, with SI-SDR shown beside it")
        ->capture_default_str()
        ->check(CLI::IsMember({"si_sdr", "heard"}));
}

void add_earlier(CLI::App& command, SearchArguments& options) {
    command
        .add_option("--earlier", options.job.earlier,
                    "Folder of an earlier search of a network of the same shape, for example of this one before it "
                    "learnt further. Its scan of the operators is taken over instead of made anew, and its front is "
                    "scored first")
        ->check(CLI::ExistingPath);
}

void add_fine_tuning(CLI::App& command, SearchArguments& options) {
    command
        .add_option("--finetune", options.fine_tuning,
                    "Which points to fine-tune. best: the recommended one and a few smaller ones; front: all that "
                    "become presets; rounds: best, then further ones that start from the tuned weights of their "
                    "neighbours; none. Homogeneous 8 bit is tuned alike")
        ->capture_default_str()
        ->check(CLI::IsMember({"best", "front", "rounds", "none"}));
    command
        .add_option("--finetune-epochs", options.job.fine_tuning_epochs,
                    "Passes over the training sequences for each fine-tuned point")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
}

}  // namespace

void add_search(CLI::App& app, Cluster& cluster) {
    auto options = std::make_shared<SearchArguments>();
    options->timeout_s = cluster.timeout_s;
    auto* command = app.add_subcommand(
        "search", "Search for the bit width of every operator and write the best trade-offs as presets");
    add_inputs(*command, *options);
    add_search_settings(*command, *options);
    add_earlier(*command, *options);
    add_fine_tuning(*command, *options);
    command
        ->add_option("--timeout", options->timeout_s,
                     "Under mpirun: seconds to wait for a result of another process before the job ends")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000000));
    options->add_jobs(*command);
    command->add_flag("!--no-race", options->job.settings.race,
                      "Score every genome on the whole validation split, even where a part of it shows that another "
                      "one is better. Slower, with the same presets (of a denoiser, almost surely)");
    command->add_flag("--resume", options->job.resume,
                      "Continue the search in --out. The result equals that of an unbroken search");
    command->add_flag("--json", options->json, "Print search.json");
    command->footer(
        "Presets are chosen by the validation split, and the recommended one also by altered validation clips. The "
        "test "
        "split is scored only for the chosen presets. Ctrl-C writes the presets that were found so far. "
        "`mpirun -np N gruve search …` spreads the evaluations over N processes on any nodes; the presets are the "
        "same.");
    command->callback([options, command, &cluster] {
        catch_interrupts();
        options->split_seed_given = command->count("--split-seed") > 0;
        run(*options, cluster);
    });
}

}  // namespace gruve
