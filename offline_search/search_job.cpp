#include "offline_search/search_job.h"

#include "datasets/audio_file.h"
#include "engine/network.h"
#include "engine/preset.h"
#include "offline_search/checkpoint.h"
#include "offline_search/choose.h"
#include "offline_search/write_file.h"

namespace gruve {
namespace {

constexpr std::size_t presets_of_a_front = 12;
/// Presets worse than homogeneous 8 bit by more than this many tolerances help nobody.
constexpr double useful_tolerances = 20;

/// The command that repeats the run; what doesn't change the result (jobs, folders) is left out or named by its role.
std::string command_of(const Task& task, const SearchJob& job) {
    return "gruve search --task " + task.name() + " --model MODEL --data DATA --out OUT --scheme " + name_of(job.scheme) + " --seed " +
           std::to_string(job.settings.seed) + " --population " + std::to_string(job.settings.population) + " --generations " +
           std::to_string(job.settings.generations) + " --calibration " + std::to_string(job.calibration);
}

class Judge {
public:
    Judge(Task& task, const Quantiser& quantiser, const GeneSpace& space, int jobs) : task_(task), quantiser_(quantiser), space_(space), jobs_(jobs) {}

    JudgedPoint judge(const Point& point, const std::string& name) const {
        const Network network(quantiser_.assemble(space_.decode(point.genes)));
        JudgedPoint judged{name, "", point, task_.evaluate(network, Split::validation, jobs_), task_.evaluate(network, Split::test, jobs_)};
        return judged;
    }

private:
    Task& task_;
    const Quantiser& quantiser_;
    const GeneSpace& space_;
    int jobs_;
};

Scores scores_of(const SearchResult& result, Split split, const JudgedPoint& judged) {
    const bool validation = split == Split::validation;
    const JudgedPoint& eight = result.homogeneous.front();
    const Score& score = validation ? judged.validation : judged.test;
    return {result.metric, (validation ? result.float_validation : result.float_test).value, (validation ? eight.validation : eight.test).value,
            score.value, score.ci95, static_cast<std::uint32_t>(score.n), std::string(name_of(split))};
}

std::string file_name(const Task& task, const Point& point) { return task.name() + "-" + std::to_string(static_cast<long>(point.objectives.bytes)) + "B"; }

/// Those of an earlier stage of this search: an interrupted run leaves presets that a resumed one replaces.
void remove_presets(const std::filesystem::path& folder, const std::string& prefix) {
    std::vector<std::filesystem::path> old;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".gruve" && entry.path().filename().string().starts_with(prefix)) old.push_back(entry.path());
    for (const auto& path : old) std::filesystem::remove(path);
}

}  // namespace

SearchResult run_search_job(Task& task, const FloatNetwork& network, const SearchJob& job, const std::function<void(const SearchProgress&)>& progress,
                            const std::function<void(const std::string&)>& say, std::function<bool()> stop) {
    const std::filesystem::path checkpoint = job.out / "checkpoint.json";
    if (!job.resume && std::filesystem::exists(checkpoint))
        throw DataError(checkpoint.string() + ": a search is already here; --resume continues it, another --out starts a new one");
    std::filesystem::create_directories(job.out / "presets");

    const std::vector<Matrix> calibration = task.calibration(job.calibration);
    const Quantiser quantiser(network, calibration, {.narrow_state = job.scheme == GeneScheme::paper});
    const GeneSpace space(network, job.scheme);
    Evaluator evaluator(space, quantiser, task, job.jobs, std::move(stop));

    SearchResult result;
    result.float_validation = task.evaluate(network, Split::validation, job.jobs);
    say("float: " + task.metric() + " " + std::to_string(result.float_validation.value) + " on " + std::to_string(result.float_validation.n) +
        " validation clips");
    const Fingerprint print = fingerprint(task, network, calibration, result.float_validation, job.scheme, job.settings);
    SearchState state;
    if (job.resume && std::filesystem::exists(checkpoint)) {
        Evaluator::Cache cache;
        state = load_checkpoint(checkpoint, print, space, cache);
        evaluator.restore(std::move(cache));
        say("resuming after generation " + std::to_string(state.generation));
    }
    SearchRun run = run_search(
        evaluator, network, error_of(task, result.float_validation.value), task.tolerance(), job.settings, std::move(state),
        [&](const SearchState& s) { save_checkpoint(checkpoint, print, s, evaluator.cache()); }, progress);

    result.task = task.name(), result.metric = task.metric(), result.scheme = name_of(job.scheme), result.command = command_of(task, job);
    result.model_hash = print.model, result.data_hash = print.data, result.tolerance = task.tolerance(), result.seed = job.settings.seed;
    result.population = job.settings.population, result.generations = run.state.generation, result.calibration = job.calibration;
    result.interrupted = run.interrupted;
    for (const Gene& gene : space.genes()) result.genes.push_back({gene.name, {gene.widths.begin(), gene.widths.end()}});
    result.archive = run.state.archive.points(), result.history = run.state.history, result.sensitivity = run.state.sensitivity;
    result.reference = run.state.reference;
    const double box = (result.reference.error - error_of(task, result.float_validation.value)) * result.reference.bytes;
    result.hypervolume_homogeneous = hypervolume(run.state.homogeneous, result.reference) / box;
    result.hypervolume_front = hypervolume(result.archive, result.reference) / box;

    say("judging the presets on the test split");
    result.float_test = task.evaluate(network, Split::test, job.jobs);
    const Judge judge(task, quantiser, space, job.jobs);
    for (std::size_t i = 0; i < run.state.homogeneous.size(); ++i)
        result.homogeneous.push_back(judge.judge(run.state.homogeneous[i], std::to_string(max_width - static_cast<int>(i)) + " bit"));
    result.homogeneous.front().name = task.name() + "-8bit";

    const double eight = run.state.homogeneous.front().objectives.error;
    const Point* recommended = smallest_within(result.archive, eight + task.tolerance());
    for (const Point& point : choose_presets(result.archive, presets_of_a_front, eight + useful_tolerances * task.tolerance(), eight + task.tolerance())) {
        result.presets.push_back(judge.judge(point, file_name(task, point)));
        if (point == *recommended) {
            result.presets.back().recommended = true;
            result.presets.back().name = task.name() + "-recommended";
        }
    }
    const auto write = [&](JudgedPoint& judged) {
        Preset preset;
        preset.name = judged.name;
        task.describe(preset);
        preset.validation = scores_of(result, Split::validation, judged);
        preset.test = scores_of(result, Split::test, judged);
        preset.provenance += (preset.provenance.empty() ? "" : " ") + job.provenance + (job.provenance.empty() ? "" : " ") + "Made by: " + result.command +
                             " (model " + result.model_hash + ", data " + result.data_hash + ")";
        preset.model = quantiser.assemble(space.decode(judged.point.genes));
        judged.file = "presets/" + judged.name + ".gruve";
        write_file(job.out / judged.file, serialise(preset));
    };
    remove_presets(job.out / "presets", task.name() + "-");
    write(result.homogeneous.front());
    for (JudgedPoint& judged : result.presets) write(judged);
    save_result(job.out / "search.json", result);
    return result;
}

}  // namespace gruve
