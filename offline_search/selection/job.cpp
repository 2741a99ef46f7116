#include "offline_search/selection/job.h"

#include <algorithm>
#include <limits>
#include <map>

#include "datasets/support/data_error.h"
#include "engine/kernels/network.h"
#include "engine/preset/preset.h"
#include "engine/preset/serialise_preset.h"
#include "offline_search/files/folder_lock.h"
#include "offline_search/files/write_file.h"
#include "offline_search/search/checkpoint.h"
#include "offline_search/search/fingerprint.h"
#include "offline_search/search/step_cost.h"
#include "offline_search/selection/choose.h"
#include "offline_search/selection/judge.h"
#include "offline_search/selection/tuning.h"

namespace gruve {
namespace {

constexpr std::size_t presets_of_a_front = 12;
/// Presets worse than homogeneous 8 bit by more than this many tolerances help nobody.
constexpr double useful_tolerances = 20;
/// Genomes that are judged for the recommended preset, smallest first.
constexpr int recommended_tries = 400;
/// How many tolerances worse than homogeneous 8 bit the front's smallest point that is fine-tuned may be before.
constexpr double tunable_tolerances = 60;
/// What an operator of a lean genome may cost alone, in tolerances.
constexpr double harmless_tolerances = 0.2;

/// The command that repeats the run; what doesn't change the result (jobs, folders) is left out or named by its role.
std::string command_of(const Task& task, const SearchJob& job) {
    return "gruve search --task " + task.name() + " --model MODEL --data DATA --out OUT --scheme " +
           name_of(job.scheme) + " --seed " + std::to_string(job.settings.seed) + " --population " +
           std::to_string(job.settings.population) + " --generations " + std::to_string(job.settings.generations) +
           " --calibration " + std::to_string(job.calibration) + (job.name.empty() ? "" : " --name " + job.name) +
           (job.cost_objective ? " --objectives error,bytes,ns" : "") +
           (job.fine_tuning == FineTuning::none
                ? ""
                : std::string(" --finetune ") + (job.fine_tuning == FineTuning::best ? "best" : "front") +
                      " --finetune-epochs " + std::to_string(job.fine_tuning_epochs));
}

Scores scores_of(const SearchResult& result, Split split, const JudgedPoint& judged) {
    const bool validation = split == Split::validation;
    const JudgedPoint& eight = result.homogeneous.front();
    const Score& score = validation ? judged.validation : judged.test;
    return {result.metric,
            (validation ? result.float_validation : result.float_test).value,
            (validation ? eight.validation : eight.test).value,
            score.value,
            score.ci95,
            static_cast<std::uint32_t>(score.n),
            std::string(name_of(split))};
}

Scheme scheme_of(const SearchJob& job) {
    const bool paper = job.scheme == GeneScheme::paper;
    return {.narrow_state = paper, .strategy = paper ? &plain_strategy() : &calibrated_strategy()};
}

/// What the names of the presets begin with.
std::string stem_of(const Task& task, const SearchJob& job) {
    return (job.name.empty() ? task.name() : job.name) + "-";
}

std::string file_name(const std::string& stem, const Point& point) {
    return stem + std::to_string(static_cast<long>(point.objectives.bytes)) + "B";
}

/// Presets by the file that holds them.
using PresetFiles = std::map<std::filesystem::path, std::vector<std::uint8_t>>;

/// Those of an earlier stage of this search, which an interrupted run leaves and a resumed one replaces.
void remove_others(const std::filesystem::path& folder, const std::string& prefix, const PresetFiles& files) {
    std::vector<std::filesystem::path> old;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".gruve" && entry.path().filename().string().starts_with(prefix) &&
            !files.contains(entry.path()))
            old.push_back(entry.path());
    for (const auto& path : old) std::filesystem::remove(path);
}

/// Lean points, the front's smallest that isn't hopeless, and the recommended one; all chosen ones too where the whole front is asked for.
std::vector<Point> points_to_tune(Evaluator& evaluator, const SearchState& state, const std::vector<Candidate>& chosen,
                                  const std::optional<Point>& recommended, double tolerance, FineTuning which) {
    const double eight = state.homogeneous.front().objectives.error;
    std::vector<Point> points;
    const auto add = [&](const Point& point) {
        const auto same = [&](const Point& other) { return other.genes == point.genes; };
        if (std::none_of(points.begin(), points.end(), same)) points.push_back(point);
    };
    for (const Genes& genes : lean_genomes(evaluator.space(), state.sensitivity, harmless_tolerances * tolerance))
        add({genes, evaluator.evaluate({genes})[0]});
    if (const Point* smallest = smallest_within(state.archive.points(), eight + tunable_tolerances * tolerance))
        add(*smallest);
    if (recommended) add(*recommended);
    if (which == FineTuning::front)
        for (const Candidate& candidate : chosen) add(candidate.judged.point);
    return points;
}

/// Recommends the smallest candidate that risks at most the tolerance, of equal sizes the one with less error; where none does, that of the least risk.
void recommend_smallest(std::vector<Candidate>& chosen, const Judge& judge) {
    std::vector<Candidate*> order;
    for (Candidate& candidate : chosen) order.push_back(&candidate);
    std::stable_sort(order.begin(), order.end(), [](const Candidate* a, const Candidate* b) {
        const Objectives &x = a->judged.point.objectives, &y = b->judged.point.objectives;
        return x.bytes < y.bytes || (x.bytes == y.bytes && x.error < y.error);
    });
    auto best = std::find_if(order.begin(), order.end(), [&](const Candidate* c) { return judge.risk(c->model) <= 1; });
    if (best == order.end()) {
        std::map<const Candidate*, double> risks;
        for (const Candidate* c : order) risks[c] = judge.risk(c->model, std::numeric_limits<double>::infinity());
        best = std::min_element(order.begin(), order.end(),
                                [&](const Candidate* a, const Candidate* b) { return risks[a] < risks[b]; });
    }
    for (Candidate& candidate : chosen) candidate.judged.recommended = &candidate == *best;
}

}  // namespace

void serve_search(Task& task, const std::vector<FloatNetwork>& networks, const SearchJob& job, Cluster& cluster) {
    const Quantiser quantiser(networks, task.calibration(job.calibration), scheme_of(job));
    const GeneSpace space(networks, job.scheme);
    const Evaluator evaluator(space, quantiser, task, job.jobs);
    cluster.serve([&](const std::vector<Genes>& genomes) { return evaluator.score_here(genomes); });
}

SearchResult run_search_job(Task& task, const std::vector<FloatNetwork>& networks, const SearchJob& job,
                            const std::function<void(const SearchProgress&)>& progress,
                            const std::function<void(const std::string&)>& say, std::function<bool()> stop,
                            Cluster* cluster) {
    std::filesystem::create_directories(job.out / "presets");
    const FolderLock lock(job.out);
    const std::string stem = stem_of(task, job);
    const std::filesystem::path checkpoint = job.out / "checkpoint.json";
    if (!job.resume && std::filesystem::exists(checkpoint))
        throw DataError(checkpoint.string() +
                        ": a search is already here; --resume continues it, another --out starts a new one");

    const std::vector<Matrix> calibration = task.calibration(job.calibration);
    if (job.cost_objective && networks.size() > 1)
        throw std::invalid_argument("the cost of a step as an objective: with one hidden size only");
    const FloatNetwork& network = networks.front();
    const Quantiser quantiser(networks, calibration, scheme_of(job));
    const GeneSpace space(networks, job.scheme);
    Evaluator evaluator(space, quantiser, task, job.jobs, stop);

    if (cluster != nullptr)
        evaluator.across([&](const std::vector<Genes>& genomes) {
            return cluster->score(genomes, [&](const auto& own) { return evaluator.score_here(own); });
        });

    SearchResult result;
    result.float_validation = task.evaluate(network, Split::validation, job.jobs);
    say("float: " + std::string(task.metric().name) + " " + std::to_string(result.float_validation.value) + " on " +
        std::to_string(result.float_validation.n) + " validation clips");
    Fingerprint print = fingerprint(task, networks, calibration, result.float_validation, job.scheme, job.settings);
    if (job.cost_objective) print.scheme += " with ns";
    SearchState state;
    if (job.resume && std::filesystem::exists(checkpoint)) {
        Evaluator::Cache cache;
        state = load_checkpoint(checkpoint, print, space, cache);
        evaluator.restore(std::move(cache));
        say("resuming after generation " + std::to_string(state.generation));
    }
    if (job.cost_objective && state.costs.empty()) state.costs = measure_step_costs(quantiser);
    evaluator.costs(state.costs);
    SearchRun run = run_search(
        evaluator, network, result.float_validation.error, task.metric().tolerance, job.settings, std::move(state),
        [&](const SearchState& s) { save_checkpoint(checkpoint, print, s, evaluator.cache()); }, progress);

    result.task = task.name(), result.metric = task.metric().id, result.scheme = name_of(job.scheme),
    result.command = command_of(task, job);
    result.model_hash = print.model, result.data_hash = print.data, result.tolerance = task.metric().tolerance,
    result.seed = job.settings.seed;
    result.population = job.settings.population, result.generations = run.state.generation,
    result.calibration = job.calibration;
    result.interrupted = run.interrupted;
    for (const Gene& gene : space.genes()) result.genes.push_back({gene.name, space.meaning(gene)});
    result.archive = run.state.archive.points(), result.history = run.state.history,
    result.sensitivity = run.state.sensitivity;
    result.reference = run.state.reference;
    const double box = (result.reference.error - result.float_validation.error) * result.reference.bytes;
    result.hypervolume_homogeneous = hypervolume(run.state.homogeneous, result.reference) / box;
    result.hypervolume_front = hypervolume(result.archive, result.reference) / box;

    // Choosing, by validation and altered clips.
    const auto assemble = [&](const Point& point) { return quantiser.assemble(space.decode(point.genes)); };
    const Judge judge(task, assemble(run.state.homogeneous.front()), job.jobs);
    const double eight = run.state.homogeneous.front().objectives.error, tolerance = task.metric().tolerance;
    const auto recommended =
        find_recommended(evaluator.cache(), space, quantiser, judge, eight + tolerance, recommended_tries);
    std::vector<Candidate> chosen;
    for (const Point& point :
         choose_presets(result.archive, presets_of_a_front, eight + useful_tolerances * tolerance, eight + tolerance))
        chosen.push_back({{file_name(stem, point), "", point, {}, {}}, assemble(point)});
    if (recommended) {
        std::erase_if(chosen, [&](const Candidate& c) { return c.judged.point.genes == recommended->genes; });
        chosen.push_back({{file_name(stem, *recommended), "", *recommended, {}, {}}, assemble(*recommended)});
    }
    if (job.fine_tuning != FineTuning::none && !run.interrupted) {
        const FineTuneSettings settings{.epochs = job.fine_tuning_epochs, .seed = job.settings.seed, .jobs = job.jobs};
        std::vector<Point> points;
        try {
            points = points_to_tune(evaluator, run.state, chosen, recommended, tolerance, job.fine_tuning);
        } catch (const Interrupted&) {
            say("stopped before fine-tuning; the front stands");
        }
        for (Candidate& tuned : fine_tuned(task, quantiser, space, judge, points, settings, say, stop)) {
            std::string& name = tuned.judged.name = file_name(stem, tuned.judged.point) + "-tuned";
            const auto taken = [&](const Candidate& c) { return c.judged.name == name; };
            while (std::any_of(chosen.begin(), chosen.end(), taken)) name += "-too";  // other widths, as many bytes
            chosen.push_back(std::move(tuned));
        }
        result.interrupted = stop && stop();
    }
    recommend_smallest(chosen, judge);
    std::stable_sort(chosen.begin(), chosen.end(), [](const Candidate& a, const Candidate& b) {
        return a.judged.point.objectives.bytes < b.judged.point.objectives.bytes;
    });

    say("judging the presets on the test split");
    result.float_test = task.evaluate(network, Split::test, job.jobs);
    std::vector<Candidate> homogeneous_models;
    for (std::size_t i = 0; i < run.state.homogeneous.size(); ++i) {
        const Point& point = run.state.homogeneous[i];
        homogeneous_models.push_back(
            {{std::to_string(max_width - static_cast<int>(i)) + " bit", "", point, {}, {}}, assemble(point)});
    }
    homogeneous_models.front().judged.name = stem + "8bit";
    for (Candidate& candidate : homogeneous_models)
        judge.score(candidate), result.homogeneous.push_back(candidate.judged);
    for (Candidate& candidate : chosen) {
        judge.score(candidate);
        if (candidate.judged.recommended) candidate.judged.name = stem + "recommended";
    }
    PresetFiles files;  // all are made before one is written: until then those of an earlier stage stand
    const auto make = [&](Candidate& candidate) {
        JudgedPoint& judged = candidate.judged;
        Preset preset;
        preset.name = judged.name;
        task.describe(preset);
        preset.validation = scores_of(result, Split::validation, judged);
        preset.test = scores_of(result, Split::test, judged);
        preset.provenance += (preset.provenance.empty() ? "" : " ") + job.provenance +
                             (job.provenance.empty() ? "" : " ") + "Made by: " + result.command + " (model " +
                             result.model_hash + ", data " + result.data_hash + ")";
        preset.model_hash = result.model_hash;
        preset.model = candidate.model;
        task.choose_detection(preset, job.jobs);
        judged.file = "presets/" + judged.name + ".gruve";
        files[job.out / judged.file] = serialise(preset);
    };
    make(homogeneous_models.front());
    result.homogeneous.front() = homogeneous_models.front().judged;
    for (Candidate& candidate : chosen) {
        make(candidate);
        result.presets.push_back(candidate.judged);
    }
    for (const auto& [path, bytes] : files) write_file(path, bytes);
    remove_others(job.out / "presets", stem, files);
    save_result(job.out / "search.json", result);
    return result;
}

}  // namespace gruve
