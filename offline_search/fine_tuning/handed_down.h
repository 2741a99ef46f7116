// Weights that a fine-tuned genome hands down to another one.
#pragma once

#include <vector>

#include "offline_search/quantisation/quantiser.h"

namespace gruve {

/// What `genome` starts its fine-tuning from where `parent`, a genome of the same float network, was fine-tuned
/// (FineTuner::result()). Matrices that have the parent's width and multipliers keep its levels and scales. The real
/// numbers behind the others are quantised anew, by the strategy, with moments of the parent's network on `calibration`
/// (features × steps). Throws std::invalid_argument for a network of bands, and where the two have different networks.
TunedWeights handed_down(const Genome& genome, const Genome& parent, const TunedWeights& of_parent,
                         const std::vector<Matrix>& calibration, const Strategy&);

}  // namespace gruve
