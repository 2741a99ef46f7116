// Plain post-training quantisation, a baseline: the largest value seen becomes the largest level, and every value goes
// to the nearest level.
#pragma once

#include "offline_search/quantisation/statistics.h"
#include "offline_search/quantisation/weight_quantiser.h"

namespace gruve {

/// One scale for the matrix or one per row. No error is compensated; mean_error is 0.
QuantisedMatrix quantise_plainly(const Eigen::MatrixXd& weights, int width, bool row_scales);

/// The scale (real value of one level) of a signed activation of `bits` bits.
double plain_scale(const Samples&, int bits);

/// The quantiser of the network's input, with a zero point. bits: 2..8.
InputQuantiser plain_input(const Samples&, int bits);

}  // namespace gruve
