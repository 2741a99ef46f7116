// What a step costs on this machine, as a third objective.
#pragma once

#include <vector>

#include "offline_search/quantisation/genome.h"
#include "offline_search/quantisation/quantiser.h"

namespace gruve {

/// Nanoseconds of a step with all weights at 2, 3, … 8 bits and everything else at 8, measured as played (median of repetitions, rounded to
/// whole nanoseconds so that a checkpoint keeps them exactly).
std::vector<double> measure_step_costs(const Quantiser&);

/// Of `genome`: each matrix costs the share of its weights in the network, at its own width; 1 bit and ternary as 2 bits.
double step_cost(const std::vector<double>& costs, const FloatNetwork&, const Genome&);

}  // namespace gruve
