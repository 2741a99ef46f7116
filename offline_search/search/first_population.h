// The first population. Its choice matters more than any other setting of the search.
#pragma once

#include <cstdint>
#include <vector>

#include "offline_search/search/evaluator.h"

namespace gruve {

/// The score of the genome that has one gene at `level` and all others at their highest.
struct Sensitivity {
    int gene = 0, level = 0;  // level: index into Gene::widths
    Objectives objectives;
    bool operator==(const Sensitivity&) const = default;
};

/// Lowers each gene alone to each of its levels, by rising level. The last entry of each gene is the all-high genome.
std::vector<Sensitivity> scan_sensitivity(Evaluator&);

/// A path from the all-high genome to the all-low one. Each step lowers the gene that costs the least error per byte
/// saved, by the scan, as if losses added up.
std::vector<Genes> greedy_path(const GeneSpace&, const std::vector<Sensitivity>&);

/// Homogeneous genomes of 8 to 2 bits. Each is followed by one with the same weights and every other gene at its
/// highest.
std::vector<Genes> anchors(const GeneSpace&, const FloatNetwork&);

/// `size` points: up to a third from the front of the greedy path and of `known` genomes, up to a third anchors, both
/// evenly spread, the rest random. Where there are several hidden sizes, the front is that of the path's genomes at
/// every size, and 8 bit at every size is an anchor. Appends every genome that was scored to `scored`, in a fixed
/// order, for the archive.
std::vector<Point> first_population(Evaluator&, const FloatNetwork&, const std::vector<Sensitivity>&,
                                    const std::vector<Genes>& known, int size, std::uint64_t seed,
                                    std::vector<Point>& scored);

}  // namespace gruve
