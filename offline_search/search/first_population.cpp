#include "offline_search/search/first_population.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <random>
#include <set>

#include "offline_search/quantisation/genome.h"

namespace gruve {
namespace {

std::vector<Point> score(Evaluator& evaluator, const std::vector<Genes>& genomes) {
    const auto objectives = evaluator.evaluate(genomes);
    std::vector<Point> points;
    for (std::size_t i = 0; i < genomes.size(); ++i) points.push_back({genomes[i], objectives[i]});
    return points;
}

/// `count` of `points`, evenly by position, both ends included.
template <typename Item>
std::vector<Item> spread(const std::vector<Item>& points, std::size_t count) {
    if (points.size() <= count) return points;
    std::vector<Item> result;
    for (std::size_t i = 0; i < count; ++i)
        result.push_back(points[i * (points.size() - 1) / std::max<std::size_t>(1, count - 1)]);
    return result;
}

/// Some of the path's genomes at each hidden size but the largest, which is the path's own.
std::vector<Genes> at_other_sizes(const GeneSpace& space, const std::vector<Genes>& path) {
    constexpr std::size_t of_a_size = 16;
    std::vector<Genes> result;
    for (std::size_t gene = 0; gene < space.size(); ++gene) {
        if (space.genes()[gene].kind != Gene::Kind::hidden) continue;
        for (int level = 0; level < space.highest(gene); ++level)
            for (Genes genes : spread(path, of_a_size)) {
                genes[gene] = level;
                result.push_back(std::move(genes));
            }
    }
    return result;
}

}  // namespace

std::vector<Sensitivity> scan_sensitivity(Evaluator& evaluator) {
    const GeneSpace& space = evaluator.space();
    std::vector<Genes> genomes;
    std::vector<Sensitivity> scan;
    for (std::size_t gene = 0; gene < space.size(); ++gene)
        for (int level = 0; level <= space.highest(gene); ++level) {
            Genes genes = space.high();
            genes[gene] = level;
            genomes.push_back(genes);
            scan.push_back({static_cast<int>(gene), level, {}});
        }
    const auto objectives = evaluator.evaluate(genomes);
    for (std::size_t i = 0; i < scan.size(); ++i) scan[i].objectives = objectives[i];
    return scan;
}

std::vector<Genes> greedy_path(const GeneSpace& space, const std::vector<Sensitivity>& scan) {
    std::vector<std::vector<Objectives>> alone(space.size());  // [gene][level]
    for (const Sensitivity& s : scan) alone[static_cast<std::size_t>(s.gene)].push_back(s.objectives);
    Genes genes = space.high();
    std::vector<Genes> path{genes};
    for (;;) {
        std::size_t best_gene = space.size();
        int best_level = 0;
        double best_cost = std::numeric_limits<double>::infinity();
        for (std::size_t gene = 0; gene < space.size(); ++gene) {
            const Objectives& now = alone[gene][static_cast<std::size_t>(genes[gene])];
            // Try every lower width: beyond an expensive width there may be one that costs no more.
            for (int level = genes[gene] - 1; level >= 0; --level) {
                const Objectives& then = alone[gene][static_cast<std::size_t>(level)];
                const double saved = now.bytes - then.bytes;
                if (saved <= 0) continue;
                // The small term makes the largest of several free steps the first.
                const double cost = std::max(0.0, then.error - now.error) / saved - 1e-12 * saved;
                if (cost < best_cost) best_cost = cost, best_gene = gene, best_level = level;
            }
        }
        if (best_gene == space.size()) return path;
        genes[best_gene] = best_level;
        path.push_back(genes);
    }
}

std::vector<Genes> anchors(const GeneSpace& space, const FloatNetwork& network) {
    std::vector<Genes> result;
    const Genes high = space.high();
    for (int width = max_width; width >= min_width; --width) {
        const Genes all = space.encode(homogeneous(network, width));
        Genes weights_only = high;
        for (std::size_t gene = 0; gene < space.size(); ++gene) {
            const Gene& g = space.genes()[gene];
            if ((g.kind == Gene::Kind::gru && g.op < linear_count) || g.kind == Gene::Kind::dense_weights)
                weights_only[gene] = all[gene];
        }
        result.push_back(all);
        result.push_back(weights_only);
    }
    return result;
}

std::vector<Point> first_population(Evaluator& evaluator, const FloatNetwork& network,
                                    const std::vector<Sensitivity>& scan, const std::vector<Genes>& known, int size,
                                    std::uint64_t seed, std::vector<Point>& scored) {
    const auto total = static_cast<std::size_t>(size);
    const GeneSpace& space = evaluator.space();
    std::vector<Genes> anchor_genes = anchors(space, network), path = greedy_path(space, scan);
    std::ranges::move(space.eight_bit_sizes(), std::back_inserter(anchor_genes));
    std::ranges::move(at_other_sizes(space, path), std::back_inserter(path));
    std::ranges::copy(known, std::back_inserter(path));
    const std::vector<Point> anchored = score(evaluator, anchor_genes);
    const std::vector<Point> greedy = score(evaluator, path);
    scored.insert(scored.end(), anchored.begin(), anchored.end());
    scored.insert(scored.end(), greedy.begin(), greedy.end());

    std::vector<Point> population;
    std::set<Genes> taken;
    const auto take = [&](const Point& point) {
        if (population.size() < total && taken.insert(point.genes).second) population.push_back(point);
    };
    Archive best;
    for (const Point& point : greedy) best.add(point);
    for (const Point& point : spread(best.points(), total / 3)) take(point);
    for (const Point& point : spread(anchored, total / 3)) take(point);

    std::mt19937_64 random(seed);
    std::vector<Genes> strangers;
    while (population.size() + strangers.size() < total) {
        Genes genes(space.size());
        for (std::size_t gene = 0; gene < genes.size(); ++gene)
            genes[gene] = static_cast<int>(random() % static_cast<std::uint64_t>(space.highest(gene) + 1));
        if (taken.insert(genes).second) strangers.push_back(genes);
    }
    for (const Point& point : score(evaluator, strangers)) {
        population.push_back(point);
        scored.push_back(point);
    }
    return population;
}

}  // namespace gruve
