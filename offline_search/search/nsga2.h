// One generation of NSGA-II (Deb et al. 2002) by pagmo, on integer genes.
#pragma once

#include <cstdint>
#include <vector>

#include "offline_search/search/evaluator.h"
#include "offline_search/search/front.h"

namespace gruve {

struct Nsga2Settings {
    double crossover = 0.95;
    double mutations_per_genome = 2;  // on average; pagmo's default, 1 % per gene, finds worse fronts
};

/// Throws DataError where the build has no pagmo.
void require_nsga2();

/// The next population, as large as `population` (a multiple of 4, at least 8). It depends on population, seed and
/// settings only, so that a checkpoint holds everything that repeats a generation.
std::vector<Point> next_generation(const std::vector<Point>& population, Evaluator&, std::uint64_t seed,
                                   const Nsga2Settings& = {});

}  // namespace gruve
