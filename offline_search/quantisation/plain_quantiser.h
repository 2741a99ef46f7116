// Post-training quantisation at its plainest, as a baseline: the largest value seen is the largest level, everything else the nearest one.
#pragma once

#include "offline_search/quantisation/statistics.h"
#include "offline_search/quantisation/weight_quantiser.h"

namespace gruve {

/// One scale for the matrix, or one a row; nothing is corrected for.
QuantisedMatrix quantise_plainly(const Eigen::MatrixXd& weights, int width, bool row_scales);

/// Scale of a signed activation of `bits` bits.
double plain_scale(const Samples&, int bits);

/// The network's input, with a zero point. bits 2..8.
InputQuantiser plain_input(const Samples&, int bits);

}  // namespace gruve
