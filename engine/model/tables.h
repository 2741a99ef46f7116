// Tables of σ and tanh, computed in integers. Their entries do not depend on the machine's libm.
#pragma once

#include <cstdint>

#include "engine/model/model.h"

namespace gruve {

/// e^(−x) for x ≥ 0 in Q24; the result is in Q31. It is a product of stored constants e^(−2^k), one for each set bit of
/// x.
std::uint32_t exp_minus_q31(std::uint64_t x_q24);

/// Table of σ or tanh. Entry i belongs to the pre-activation (i + signed_min(input_width)) · scale, with the scale in
/// Q24. Throws std::invalid_argument if the activation is `none` or a width is not in 2..8.
Table make_table(Activation activation, int input_width, int output_width, std::uint64_t scale_q24);

}  // namespace gruve
