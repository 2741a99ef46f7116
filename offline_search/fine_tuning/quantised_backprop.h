// Gradients through the integer cell: its rounding simulated in float, passed straight through on the way back.
//
// Batches as in backprop.h: features × (steps · sequences), column t · sequences + s.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "offline_search/quantisation/genome.h"
#include "offline_search/quantisation/quantiser.h"

namespace gruve {

/// An activation of few bits: value → nearest level in low..high, times scale.
struct FakeQuantiser {
    float scale = 1, low = 0, high = 0;
    float operator()(float x) const { return std::clamp(std::floor(x / scale + 0.5f), low, high) * scale; }
    /// Straight-through: 1 within the levels' reach, 0 where the value is clipped.
    float slope(float x) const { return x >= (low - 0.5f) * scale && x <= (high + 0.5f) * scale ? 1.0f : 0.0f; }
    /// The same for whole arrays.
    template <typename Array>
    auto levels(const Array& x) const {
        return (x * (1.0f / scale) + 0.5f).floor().max(low).min(high) * scale;
    }
    template <typename Array>
    auto slopes(const Array& x) const {
        return (x >= (low - 0.5f) * scale).template cast<float>() * (x <= (high + 0.5f) * scale).template cast<float>();
    }
};

/// Simulates the model that `quantiser` assembles for `genome`, with the weights of `network` (already on their levels).
/// Keeps the activations between forward and backward; one per thread; `network` must outlive it.
/// Left out: the roundings of 16 bits (state, W_hn h + b_hn), the multipliers' and the biases'.
class QuantisedBackprop {
public:
    QuantisedBackprop(const Quantiser& quantiser, const Genome& genome, const FloatNetwork& network);

    const Matrix& forward(const Matrix& batch, int sequences);
    /// Adds dLoss/dWeights and dLoss/dBiases to `gradient` (see zeros_like).
    void backward(const Matrix& output_gradient, FloatNetwork& gradient);

private:
    struct GruQuantisers {
        FakeQuantiser pre_r, pre_z, pre_n, r, z, n, product, one_minus, candidate, keep, state, copy;
    };
    struct DenseQuantisers {
        FakeQuantiser pre, output;
    };
    struct Tape {
        Matrix pre_r, pre_z, pre_n;        // before rounding
        Matrix slope_r, slope_z, slope_n;  // of σ and tanh at the rounded pre-activations, 0 where those were clipped
        Matrix r, z, n, hn, product;       // r, z, n rounded; product before rounding
        Matrix h, h_before, copy;  // state, before its own rounding (narrow state); what products and next layer read
        Matrix output;             // dense
    };

    void forward_gru(std::size_t k, const Matrix& x);
    void backward_gru(std::size_t k, const Matrix& x, const Matrix& dy, FloatGru& gradient, Matrix& dx);

    const FloatNetwork& network_;
    FakeQuantiser input_quantiser_;
    bool narrow_state_;
    std::vector<GruQuantisers> gru_;      // per layer
    std::vector<DenseQuantisers> dense_;  // per layer
    std::vector<Tape> tape_;
    Matrix input_;
    int sequences_ = 0;
};

}  // namespace gruve
