// Real scales → the integers of one accumulator: multipliers of 15 bits, one shift, biases of 8 or 16 bits.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/model/model.h"
#include "offline_search/quantisation/weight_quantiser.h"

namespace gruve {

/// The accumulator of one gate: its unit is target_scale / 2^shift, the shift as large as 15-bit multipliers allow.
class FixedGate {
public:
    /// largest_factor: the largest real value of one unit of anything that will be added in (weight scale · activation scale).
    FixedGate(double target_scale, double largest_factor);

    std::int8_t shift() const { return shift_; }
    /// `factor` in this accumulator's units, 0..32767.
    std::int16_t multiplier(double factor) const;
    /// The matrix with multipliers for activations of `activation_scale`.
    Linear linear(const QuantisedMatrix&, double activation_scale, bool row_multipliers) const;
    /// Real biases less what the zero point of `linear`'s input adds (zero_point · Σ levels · multiplier).
    Bias bias(const std::vector<double>& values, int width, const Linear* linear = nullptr, int zero_point = 0) const;

private:
    double unit_ = 1;
    std::int8_t shift_ = 0;
};

/// Largest weight scale of `matrix` times the scale of what it reads.
double largest_factor(const QuantisedMatrix&, double activation_scale);

}  // namespace gruve
