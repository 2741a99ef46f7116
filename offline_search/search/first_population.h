// Where the search starts. How the first population is seeded matters more than any other setting.
#pragma once

#include <cstdint>
#include <vector>

#include "offline_search/search/evaluator.h"

namespace gruve {

/// One gene lowered to one of its widths, all others at their highest.
struct Sensitivity {
    int gene = 0, level = 0;  // level: index into Gene::widths
    Objectives objectives;
    bool operator==(const Sensitivity&) const = default;
};

/// Every gene alone at every width; the last entry of each gene is the all-high genome.
std::vector<Sensitivity> scan_sensitivity(Evaluator&);

/// From the all-high genome downwards, each time the lowering that the scan says costs least error per byte saved.
/// Losses are taken to add up; the genomes come in order, from all-high to all-low.
std::vector<Genes> greedy_path(const GeneSpace&, const std::vector<Sensitivity>&);

/// All-2 … all-8, each also with everything but the weights high.
std::vector<Genes> anchors(const GeneSpace&, const FloatNetwork&);

/// `size` points: anchors, an even choice of the best of the greedy path, then random ones. Every genome that was scored on the way
/// is in the evaluator's cache; `scored` gets them in a fixed order, for the archive.
std::vector<Point> first_population(Evaluator&, const FloatNetwork&, const std::vector<Sensitivity>&, int size,
                                    std::uint64_t seed, std::vector<Point>& scored);

}  // namespace gruve
