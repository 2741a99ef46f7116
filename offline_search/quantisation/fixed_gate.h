// Turns real scales into the integers of one accumulator: 15-bit multipliers, one shift, and biases of 8 or 16 bits.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/model/model.h"
#include "offline_search/quantisation/weight_quantiser.h"

namespace gruve {

/// The accumulator of one gate. Its unit is target_scale / 2^shift, with the largest shift that 15-bit multipliers
/// allow.
class FixedGate {
public:
    /// target_scale: real value of one level of the gate's output. largest_factor: the largest real value of one unit
    /// of any term that will be added (weight scale · activation scale).
    FixedGate(double target_scale, double largest_factor);

    std::int8_t shift() const { return shift_; }
    /// `factor` in units of this accumulator, 0..32767.
    std::int16_t multiplier(double factor) const;
    /// The matrix, with multipliers for inputs of `activation_scale`: one per row, or a single one.
    Linear linear(const QuantisedMatrix&, double activation_scale, bool row_multipliers) const;
    /// The biases of real `values`, at 8 or 16 bits. Subtracts the contribution of the zero point of `linear`'s input,
    /// which is zero_point · Σ levels · multiplier.
    Bias bias(const std::vector<double>& values, int width, const Linear* linear = nullptr, int zero_point = 0) const;

private:
    double unit_ = 1;
    std::int8_t shift_ = 0;
};

/// The largest weight scale of the matrix times the scale of its input.
double largest_factor(const QuantisedMatrix&, double activation_scale);

}  // namespace gruve
