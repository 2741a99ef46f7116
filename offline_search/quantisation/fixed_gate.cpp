#include "offline_search/quantisation/fixed_gate.h"

#include <algorithm>
#include <cmath>

namespace gruve {

FixedGate::FixedGate(double target_scale, double largest_factor) {
    const double room = std::floor(std::log2(32767.0 * target_scale / largest_factor));
    shift_ = static_cast<std::int8_t>(std::clamp(room, 0.0, double(max_shift)));
    unit_ = std::ldexp(target_scale, -shift_);
}

std::int16_t FixedGate::multiplier(double factor) const {
    return static_cast<std::int16_t>(std::clamp(std::floor(factor / unit_ + 0.5), 0.0, 32767.0));
}

Linear FixedGate::linear(const QuantisedMatrix& matrix, double activation_scale, bool row_multipliers) const {
    Linear result;
    result.rows = matrix.rows;
    result.cols = matrix.cols;
    result.width = static_cast<std::uint8_t>(matrix.width);
    result.weights = matrix.levels;
    for (const double scale : matrix.scale) result.multiplier.push_back(multiplier(scale * activation_scale));
    if (!row_multipliers) result.multiplier.resize(1);
    return result;
}

Bias FixedGate::bias(const std::vector<double>& values, int width, const Linear* linear, int zero_point) const {
    std::vector<double> exact(values.size());
    double largest = 0;
    for (std::size_t row = 0; row < values.size(); ++row) {
        exact[row] = values[row] / unit_;
        if (linear != nullptr) {
            double sum = 0;
            for (int col = 0; col < linear->cols; ++col)
                sum += linear->weights[row * static_cast<std::size_t>(linear->cols) + static_cast<std::size_t>(col)];
            exact[row] -= zero_point * sum * linear->multiplier_of(static_cast<int>(row));
        }
        largest = std::max(largest, std::abs(exact[row]));
    }
    Bias result;
    result.width = static_cast<std::uint8_t>(width);
    while (result.shift < 30 && std::floor(std::ldexp(largest, -result.shift) + 0.5) > signed_max(width))
        ++result.shift;
    for (const double value : exact) {
        const double level = std::floor(std::ldexp(value, -result.shift) + 0.5);
        result.values.push_back(
            static_cast<std::int16_t>(std::clamp(level, double(signed_min(width)), double(signed_max(width)))));
    }
    return result;
}

double largest_factor(const QuantisedMatrix& matrix, double activation_scale) {
    return *std::max_element(matrix.scale.begin(), matrix.scale.end()) * activation_scale;
}

}  // namespace gruve
