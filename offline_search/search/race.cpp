#include "offline_search/search/race.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

namespace gruve {
namespace {

constexpr std::size_t learnt_from = 48;

using Front = std::vector<std::size_t>;  // indices of a pool

/// The fronts from which NSGA-II takes the best `wanted` of the pool. Of the last one it may take only some members.
std::vector<Front> fronts_looked_at(const std::vector<Scored>& pool, std::size_t wanted) {
    std::vector<std::size_t> left(pool.size());
    std::iota(left.begin(), left.end(), std::size_t{0});
    std::vector<Front> fronts;
    for (std::size_t taken = 0; taken < wanted && !left.empty(); taken += fronts.back().size()) {
        const auto dominated = [&](std::size_t i) {
            return std::ranges::any_of(
                left, [&](std::size_t j) { return dominates(pool[j].objectives, pool[i].objectives); });
        };
        std::vector<std::size_t> behind;
        std::ranges::partition_copy(left, std::back_inserter(behind), std::back_inserter(fronts.emplace_back()),
                                    dominated);
        left = std::move(behind);
    }
    return fronts;
}

std::vector<Objectives> whole_scores(const std::vector<Scored>& pool, const Front& front) {
    std::vector<Objectives> bar;
    for (const std::size_t i : front)
        if (pool[i].whole) bar.push_back(pool[i].objectives);
    return bar;
}

}  // namespace

std::vector<Genes> genomes_to_learn_race(const GeneSpace& space, const std::vector<Sensitivity>& scan) {
    const std::vector<Genes> path = greedy_path(space, scan);
    std::vector<Genes> chosen;
    for (std::size_t i = 0; i < std::min(learnt_from, path.size()); ++i)
        chosen.push_back(path[i * path.size() / std::min(learnt_from, path.size())]);
    return chosen;
}

std::vector<Objectives> race(Evaluator& evaluator, const std::vector<Point>& parents,
                             const std::vector<Genes>& children) {
    std::vector<Scored> pool;  // parents, then children
    for (const Point& parent : parents) pool.push_back({parent.objectives});
    // Good children push the worst quarter of the parents out. Where that's wrong, some children are scored again.
    const auto bar = whole_scores(pool, fronts_looked_at(pool, parents.size() * 3 / 4).back());
    for (const Scored& child : evaluator.evaluate(Work{children, bar})) pool.push_back(child);
    for (;;) {
        const std::vector<Front> fronts = fronts_looked_at(pool, parents.size());
        Work open{{}, whole_scores(pool, fronts.back())};
        std::vector<std::size_t> places;
        for (const Front& front : fronts)
            for (const std::size_t i : front)
                if (!pool[i].whole) places.push_back(i), open.genomes.push_back(children[i - parents.size()]);
        if (places.empty()) break;
        const std::vector<Scored> scores = evaluator.evaluate(open);
        for (std::size_t k = 0; k < places.size(); ++k) pool[places[k]] = scores[k];
    }
    std::vector<Objectives> result;
    for (std::size_t i = parents.size(); i < pool.size(); ++i) result.push_back(pool[i].objectives);
    return result;
}

}  // namespace gruve
