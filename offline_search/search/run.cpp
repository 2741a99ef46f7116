#include "offline_search/search/run.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "offline_search/quantisation/genome.h"
#include "offline_search/search/race.h"

namespace gruve {
namespace {

using Clock = std::chrono::steady_clock;

/// A well-mixed seed for each generation (splitmix64).
std::uint64_t generation_seed(std::uint64_t seed, int generation) {
    std::uint64_t x = seed + 0x9e3779b97f4a7c15u * (static_cast<std::uint64_t>(generation) + 1);
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

void check(const SearchSettings& settings) {
    if (settings.population < 8 || settings.population % 4 != 0)
        throw std::invalid_argument("population " + std::to_string(settings.population) +
                                    ", allowed multiples of 4 from 8");
    if (settings.generations < 0)
        throw std::invalid_argument("generations " + std::to_string(settings.generations) + ", allowed from 0");
}

void score_homogeneous(SearchState& state, Evaluator& evaluator, const FloatNetwork& network) {
    std::vector<Genes> genomes;
    for (int width = max_width; width >= min_width; --width)
        genomes.push_back(evaluator.space().encode(homogeneous(network, width)));
    const auto objectives = evaluator.evaluate(genomes);
    state.reference = objectives[0];
    for (std::size_t i = 0; i < genomes.size(); ++i) {
        state.homogeneous.push_back({genomes[i], objectives[i]});
        state.archive.add(state.homogeneous.back());
        state.reference.error = std::max(state.reference.error, objectives[i].error);
    }
}

/// Makes generation 0.
void begin(SearchState& state, Evaluator& evaluator, const FloatNetwork& network, const SearchSettings& settings) {
    score_homogeneous(state, evaluator, network);
    state.sensitivity = settings.earlier.sensitivity;
    if (state.sensitivity.empty()) {
        state.sensitivity = scan_sensitivity(evaluator);
        for (const Sensitivity& s : state.sensitivity) {
            Genes genes = evaluator.space().high();
            genes[static_cast<std::size_t>(s.gene)] = s.level;
            state.archive.add({genes, s.objectives});
        }
    }
    std::vector<Point> scored;
    state.population = first_population(evaluator, network, state.sensitivity, settings.earlier.front,
                                        settings.population, generation_seed(settings.seed, 0), scored);
    for (const Point& point : scored) state.archive.add(point);
}

/// Adds this generation's children to the archive. The population holds the survivors only, but the entries of the
/// cache that are newly whole are all children.
void archive_new(SearchState& state, const Evaluator::Cache& before, const Evaluator::Cache& after) {
    for (const auto& [key, scored] : after)
        if (const auto known = before.find(key); scored.whole && (known == before.end() || !known->second.whole))
            state.archive.add({genes_from(key), scored.objectives});
}

/// Makes the next generation of `state`.
void advance(SearchState& state, Evaluator& evaluator, const FloatNetwork& network, const SearchSettings& settings) {
    ++state.generation;
    if (state.generation == 0) return begin(state, evaluator, network, settings);
    const Evaluator::Cache before = evaluator.cache();
    state.population =
        next_generation(state.population, evaluator, generation_seed(settings.seed, state.generation), settings.nsga2);
    archive_new(state, before, evaluator.cache());
}

GenerationRecord record_of(const SearchState& state, std::int64_t evaluations, double float_error, double tolerance) {
    GenerationRecord record{state.generation, evaluations, 0, {}};
    record.hypervolume = hypervolume(state.archive.points(), state.reference) /
                         ((state.reference.error - float_error) * state.reference.bytes);
    // There is always such a point: homogeneous 8 bit, or one that dominates it.
    const double allowed = state.homogeneous.front().objectives.error + tolerance;
    record.best = smallest_within(state.archive.points(), allowed)->objectives;
    return record;
}

}  // namespace

SearchRun run_search(Evaluator& evaluator, const FloatNetwork& network, double float_error, double tolerance,
                     const SearchSettings& settings, SearchState start,
                     const std::function<void(const SearchState&)>& checkpoint,
                     const std::function<void(const SearchProgress&)>& progress) {
    check(settings);
    SearchRun run{std::move(start)};
    const auto started = Clock::now();
    const std::int64_t evaluations_before = evaluator.evaluations();
    const int first = run.state.generation;
    bool prepared = false;  // to race
    if (settings.race && first < 0) evaluator.keep_scores();
    while (run.state.generation < settings.generations) {
        SearchState next = run.state;
        try {
            if (settings.race && next.generation >= 0 && !std::exchange(prepared, true))
                evaluator.learn_race(genomes_to_learn_race(evaluator.space(), next.sensitivity));
            advance(next, evaluator, network, settings);
        } catch (const Interrupted&) {
            if (run.state.generation < 0) throw;
            run.interrupted = true;
            return run;
        }
        const GenerationRecord record = record_of(next, evaluator.evaluations(), float_error, tolerance);
        next.history.push_back(record);
        run.state = std::move(next);
        checkpoint(run.state);

        const double seconds = std::chrono::duration<double>(Clock::now() - started).count();
        const double per_generation = seconds / (run.state.generation - first);
        progress({record, settings.generations,
                  static_cast<double>(record.evaluations - evaluations_before) / std::max(seconds, 1e-9),
                  per_generation * (settings.generations - run.state.generation)});
    }
    return run;
}

}  // namespace gruve
