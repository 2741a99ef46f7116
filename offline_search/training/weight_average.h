// The mean of a network's weights over the end of its training.
#pragma once

#include "offline_search/network/float_network.h"

namespace gruve {

/// Takes in `network` as it is after optimiser step `step` (from 1; 0 where a first gradient was not finite and changed nothing): `average` is the mean of all steps until there were `steps`, then
/// an exponential one over about the last `steps`. What it has learnt holds better on new data than any single step's, most of all while the learning
/// rate is high (Izmailov et al., "Averaging weights leads to wider optima and better generalization", arXiv 1803.05407). Same shapes.
void average_in(FloatNetwork& average, FloatNetwork& network, int step, float steps);

}  // namespace gruve
