// The real range that an activation of few bits covers.
#pragma once

#include <cstdint>

#include "engine/model/model.h"
#include "offline_search/quantisation/statistics.h"

namespace gruve {

/// The real value of one level of each activation of a layer. A dense layer has pre_activation alone; a GRU layer has
/// all others.
struct ActivationScales {
    double copy = 1, pre_r = 1, pre_z = 1, pre_n = 1, hn = 1, product_reset = 1, pre_activation = 1;
};

/// The scale (real value of one level) of a signed activation of `bits` bits. Of 24 clips of the range up to the
/// samples' 0.9999 quantile, it is the one with the least squared error. For the input of a table, the error is that of
/// the table's output, after `activation`.
double search_scale(const Samples&, int bits, Activation activation = Activation::none);

/// The same for the network's input, with a zero point, as InputQuantiser applies it. bits: 2..8.
InputQuantiser search_input(const Samples&, int bits);

/// The scale of a 16-bit activation that covers every sample times `headroom`.
double covering_scale(const Samples&, double headroom);

/// The scale of a signed activation of `bits` bits whose full scale is 1.
double unit_scale(int bits);

/// A table's input scale is stored in Q24, as a whole number of 2^-24. The accumulator must aim at exactly the stored
/// value.
std::uint64_t to_q24(double scale);
double from_q24(std::uint64_t scale_q24);

}  // namespace gruve
