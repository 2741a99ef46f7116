// Forward and backward pass of the integer cell, simulated in float: values are rounded on the way forward, and
// gradients pass straight through the roundings on the way back.
//
// Batches are laid out as in backprop.h: features × (steps · sequences); step t of sequence s is column
// t · sequences + s.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "offline_search/quantisation/genome.h"
#include "offline_search/quantisation/quantiser.h"

namespace gruve {

/// Simulates an activation of few bits: rounds a value to the nearest level in low..high, times scale.
struct FakeQuantiser {
    float scale = 1, low = 0, high = 0;
    float operator()(float x) const { return std::clamp(std::floor(x / scale + 0.5f), low, high) * scale; }
    /// Straight-through derivative: 1 in the range of the levels, 0 where the value is clipped.
    float slope(float x) const { return x >= (low - 0.5f) * scale && x <= (high + 0.5f) * scale ? 1.0f : 0.0f; }
    /// The same two functions for whole arrays.
    template <typename Array>
    auto levels(const Array& x) const {
        return (x * (1.0f / scale) + 0.5f).floor().max(low).min(high) * scale;
    }
    template <typename Array>
    auto slopes(const Array& x) const {
        return (x >= (low - 0.5f) * scale).template cast<float>() * (x <= (high + 0.5f) * scale).template cast<float>();
    }
};

/// Simulates the model that `quantiser` assembles for `genome`, with the weights of `network`, which are already on
/// their levels. Not simulated are the 16-bit roundings (of the state and of W_hn h + b_hn) and those of multipliers
/// and biases. Keeps the activations between forward() and backward(), so each thread needs one of its own. `network`
/// must outlive it.
class QuantisedBackprop {
public:
    QuantisedBackprop(const Quantiser& quantiser, const Genome& genome, const FloatNetwork& network);

    /// Returns the outputs, laid out like the batch. They stay valid until the next call.
    const Matrix& forward(const Matrix& batch, int sequences);
    /// Adds dLoss/dWeights and dLoss/dBiases to `gradient` (see zeros_like). output_gradient: dLoss/dOutputs of the
    /// last forward().
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
        Matrix slope_r, slope_z, slope_n;  // derivatives of σ and tanh at the rounded pre-activations, 0 where clipped
        Matrix r, z, n, hn, product;       // r, z, n rounded; product before rounding
        Matrix h, h_before, copy;          // state; state before its rounding; copy for the products and the next layer
        Matrix output;                     // of a dense layer
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
