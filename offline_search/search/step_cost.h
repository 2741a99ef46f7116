// The time of a network's step on this machine, as a third objective.
#pragma once

#include <vector>

#include "offline_search/quantisation/genome.h"
#include "offline_search/quantisation/quantiser.h"

namespace gruve {

/// Nanoseconds of a step with all weights at 2, 3, … 8 bits and everything else at 8 bits: the median of repetitions,
/// measured with the kernels that a plugin plays. Rounded to whole nanoseconds, which a checkpoint keeps exactly.
std::vector<double> measure_step_costs(const Quantiser&);

/// Estimated nanoseconds of a step of `genome`: the mean of the costs of its matrices' widths, weighted by their
/// numbers of weights. Binary and ternary weights count as 2 bits. costs: of measure_step_costs.
double step_cost(const std::vector<double>& costs, const FloatNetwork&, const Genome&);

}  // namespace gruve
