#include "offline_search/search/nsga2.h"

#include <algorithm>
#include <cmath>
#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/nsga2.hpp>
#include <pagmo/bfe.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>

#include "offline_search/search/race.h"

namespace gruve {
namespace {

Genes to_genes(const double* values, std::size_t count) {
    Genes genes(count);
    std::transform(values, values + count, genes.begin(), [](double v) { return static_cast<int>(std::lround(v)); });
    return genes;
}

pagmo::vector_double fitness_of(const Objectives& o, int objectives) {
    if (objectives == 2) return {o.error, o.bytes};
    return {o.error, o.bytes, o.ns};
}

/// The search as a pagmo problem. It lives for one generation only, so its serialisation does nothing.
struct Problem {
    Evaluator* evaluator = nullptr;

    pagmo::vector_double fitness(const pagmo::vector_double& x) const {
        return fitness_of(evaluator->evaluate({to_genes(x.data(), x.size())})[0], evaluator->objectives());
    }
    std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const {
        pagmo::vector_double low, high;
        const std::size_t genes = evaluator == nullptr ? 1 : evaluator->space().size();
        for (std::size_t i = 0; i < genes; ++i) {
            low.push_back(0);
            high.push_back(evaluator == nullptr ? 1 : evaluator->space().highest(i));
        }
        return {low, high};
    }
    pagmo::vector_double::size_type get_nobj() const {
        return evaluator == nullptr ? 2u : static_cast<unsigned>(evaluator->objectives());
    }
    pagmo::vector_double::size_type get_nix() const { return evaluator == nullptr ? 1 : evaluator->space().size(); }
    template <typename Archive>
    void serialize(Archive&, unsigned) {}
};

/// Scores all children of a generation in one batch, which uses all cores.
struct Batch {
    Evaluator* evaluator = nullptr;
    const std::vector<Point>* parents = nullptr;

    pagmo::vector_double operator()(const pagmo::problem& problem, const pagmo::vector_double& x) const {
        const std::size_t genes = problem.get_nx();
        std::vector<Genes> batch;
        for (std::size_t start = 0; start < x.size(); start += genes)
            batch.push_back(to_genes(x.data() + start, genes));
        pagmo::vector_double result;
        for (const Objectives& o : race(*evaluator, *parents, batch)) {
            const auto fitness = fitness_of(o, evaluator->objectives());
            result.insert(result.end(), fitness.begin(), fitness.end());
        }
        return result;
    }
    template <typename Archive>
    void serialize(Archive&, unsigned) {}
};

}  // namespace

void require_nsga2() {}

std::vector<Point> next_generation(const std::vector<Point>& parents, Evaluator& evaluator, std::uint64_t seed,
                                   const Nsga2Settings& settings) {
    const auto pagmo_seed = static_cast<unsigned>(seed ^ (seed >> 32));
    pagmo::population population{pagmo::problem{Problem{&evaluator}}, 0, pagmo_seed};
    for (const Point& parent : parents)
        population.push_back(pagmo::vector_double(parent.genes.begin(), parent.genes.end()),
                             fitness_of(parent.objectives, evaluator.objectives()));
    const double mutation =
        std::min(1.0, settings.mutations_per_genome / static_cast<double>(evaluator.space().size()));
    pagmo::nsga2 algorithm{1u, settings.crossover, 10., mutation, 50., pagmo_seed};
    algorithm.set_bfe(pagmo::bfe{Batch{&evaluator, &parents}});
    population = algorithm.evolve(population);

    std::vector<Point> result;
    for (std::size_t i = 0; i < population.size(); ++i) {
        const auto& x = population.get_x()[i];
        const Genes genes = to_genes(x.data(), x.size());
        result.push_back({genes, evaluator.evaluate({genes})[0]});  // from the cache
    }
    return result;
}

}  // namespace gruve
