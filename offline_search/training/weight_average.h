// The mean of a network's weights over the last steps of its training.
#pragma once

#include "offline_search/network/float_network.h"

namespace gruve {

/// Adds the weights of `network` after optimiser step `step` to `average` (same shapes). `step` counts from 1; it is 0
/// if the first gradient wasn't finite and changed nothing. `average` is the mean of all steps during the first `steps`
/// steps; after that it is an exponential mean over about the last `steps`. It generalises better than the weights of a
/// single step, most of all while the learning rate is high (Izmailov et al., "Averaging weights leads to wider optima
/// and better generalization", arXiv 1803.05407).
void average_in(FloatNetwork& average, FloatNetwork& network, int step, float steps);

}  // namespace gruve
