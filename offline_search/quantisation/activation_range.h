// Which real range an activation of few bits should cover.
#pragma once

#include "engine/model/model.h"
#include "offline_search/quantisation/statistics.h"

namespace gruve {

/// The scale (real value of one level) of a signed activation of `bits` bits: of about 20 clips of the samples' 0.9999 quantile the
/// one with least squared error; measured after `activation` for a table's input.
double search_scale(const Samples&, int bits, Activation activation = Activation::none);

/// The same for the network's input, with a zero point, as InputQuantiser applies it. bits 2..8.
InputQuantiser search_input(const Samples&, int bits);

/// Scale of 16 bits that covers every sample with `headroom`.
double covering_scale(const Samples&, double headroom);

}  // namespace gruve
