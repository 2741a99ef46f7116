// Gradients of a FloatNetwork by hand-written backpropagation through time.
//
// A batch consists of `sequences` sequences of equal lengths in one matrix, features × (steps · sequences). Column
// t · sequences + s is step t of sequence s, so batch.middleCols(t · sequences, sequences) is one step of all
// sequences. The networks are causal, so shorter sequences can be padded at their end if the output gradient of the
// padding is zero.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "offline_search/network/float_network.h"
#include "offline_search/training/band_backprop.h"

namespace gruve {

/// Runs batches forward and backward through a network, and keeps the activations in between. Use one object per
/// thread. It reads the network at every call, so an optimiser may change the weights in between; the network must
/// outlive it.
class Backprop {
public:
    explicit Backprop(const FloatNetwork& network);

    /// inputs × (steps · sequences) → outputs × (steps · sequences), from zero states. The result is valid until the
    /// next call.
    const Matrix& forward(const Matrix& batch, int sequences);
    /// output_gradient: dLoss/dOutput for the batch of the last forward(), in the shape of its result.
    /// Adds dLoss/dParameters to `gradient`, a network made by zeros_like().
    void backward(const Matrix& output_gradient, FloatNetwork& gradient);

private:
    struct LayerTape {
        Matrix output;   // of the layer, after its activation
        Matrix gates;    // GRU: r, z, n stacked, then their pre-activations' gradients
        Matrix product;  // GRU: W_hn h + b_hn, then its gradient
    };
    const FloatNetwork& network_;
    Matrix input_, carried_;
    Matrix gradient_in_, gradient_out_;
    int sequences_ = 0;
    std::vector<LayerTape> tape_;
    std::optional<BandBackprop> of_bands_;  // does all for a network of bands
};

/// A network of the same shapes with all parameters zero, for gradients and moments.
FloatNetwork zeros_like(const FloatNetwork&);
/// All weight matrices and bias vectors as flat spans, always in the same order.
std::vector<std::span<float>> parameters(FloatNetwork&);
/// For each of parameters(): true for weights, false for biases.
std::vector<bool> is_weight(const FloatNetwork&);

/// A layer with random weights, initialised as in PyTorch: uniform in ±1/√(hidden size) for a GRU, in ±1/√(inputs) for
/// a dense layer.
/// Same seed, same bits.
FloatGru random_gru(int input_size, int hidden_size, std::uint64_t seed);
FloatDense random_dense(int input_size, int output_size, Activation activation, std::uint64_t seed);
FloatBandGru random_band_gru(int input_size, int hidden_size, std::uint64_t seed);

}  // namespace gruve
