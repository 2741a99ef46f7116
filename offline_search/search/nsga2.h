// One generation of NSGA-II (Deb et al. 2002) by pagmo, on integer genes.
#pragma once

#include <cstdint>
#include <vector>

#include "offline_search/search/evaluator.h"
#include "offline_search/search/front.h"

namespace gruve {

struct Nsga2Settings {
    double crossover = 0.95;
    double mutations_per_genome = 2;  // pagmo's default of 1 % a gene is poor
};

/// The next population: as many points as `population` (a multiple of 4, at least 8). Depends on population, seed and settings
/// only, so that a generation can be repeated from a checkpoint without any hidden state.
std::vector<Point> next_generation(const std::vector<Point>& population, Evaluator&, std::uint64_t seed,
                                   const Nsga2Settings& = {});

}  // namespace gruve
