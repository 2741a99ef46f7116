// σ and tanh tables from an integer recipe: the same entries on every machine, whatever its libm.
#pragma once

#include <cstdint>

#include "engine/model/model.h"

namespace gruve {

/// e^(−x) for x ≥ 0 in Q24, result in Q31: a product of stored constants e^(−2^k), one per set bit.
std::uint32_t exp_minus_q31(std::uint64_t x_q24);

/// Table of σ or tanh: entry i stands for the pre-activation (i + signed_min(input_width)) · scale, scale in Q24.
/// activation must not be `none`; widths 2..8 (input), 2..8 (output).
Table make_table(Activation activation, int input_width, int output_width, std::uint64_t scale_q24);

}  // namespace gruve
