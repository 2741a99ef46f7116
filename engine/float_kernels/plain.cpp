#include "engine/float_kernels/plain.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace gruve::float_kernels {
namespace {

float sigmoid(float x) { return 1.0f / (1.0f + std::exp(-x)); }

/// y = weight x + bias. The matrix is stored column by column.
void affine(const std::vector<float>& weight, const std::vector<float>& bias, std::span<const float> x,
            std::span<float> y) noexcept {
    std::ranges::copy(bias, y.begin());
    const float* column = weight.data();
    for (const float value : x) {
        for (float& sum : y) sum += value * *column++;
    }
}

}  // namespace

void plain_step(const FloatModel::Dense& dense, std::span<const float> x, std::span<float> y) noexcept {
    affine(dense.weight, dense.bias, x, y);
    if (dense.activation == Activation::sigmoid) std::ranges::transform(y, y.begin(), sigmoid);
    if (dense.activation == Activation::tanh)
        std::ranges::transform(y, y.begin(), [](float v) { return std::tanh(v); });
}

/// r = σ(ir + hr), z = σ(iz + hz), n = tanh(in + r·hn), h' = (1 − z)·n + z·h
void plain_step(const FloatModel::Gru& gru, std::span<const float> x, std::span<float> h,
                std::span<float> scratch) noexcept {
    const std::size_t size = h.size();
    const std::span i = scratch.first(3 * size), s = scratch.subspan(3 * size, 3 * size);
    affine(gru.weight_ih, gru.bias_ih, x, i);
    affine(gru.weight_hh, gru.bias_hh, h, s);
    for (std::size_t k = 0; k < size; ++k) {
        const float r = sigmoid(i[k] + s[k]), z = sigmoid(i[size + k] + s[size + k]),
                    n = std::tanh(i[2 * size + k] + r * s[2 * size + k]);
        h[k] = (1.0f - z) * n + z * h[k];
    }
}

}  // namespace gruve::float_kernels
