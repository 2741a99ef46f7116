// Gradients of a FloatNetwork by hand-written backpropagation through time.
//
// A batch is `sequences` sequences of equal length side by side in one matrix, features × (steps · sequences), step after step:
// column t · sequences + s is step t of sequence s, so that batch.middleCols(t · sequences, sequences) is a whole step.
// The networks are causal: shorter sequences are padded at their end, and the padding's output gradient is set to zero.
#pragma once

#include <span>
#include <vector>

#include "offline_search/network/float_network.h"

namespace gruve {

/// Runs batches through a network and back. Keeps the activations in between; one per thread. Reads the network that it was
/// made for at every call (so an optimiser may change the weights in between); the network must outlive it.
class Backprop {
public:
    explicit Backprop(const FloatNetwork& network);

    /// inputs × (steps · sequences) → outputs × (steps · sequences), from zero states. Valid until the next call.
    const Matrix& forward(const Matrix& batch, int sequences);
    /// output_gradient: dLoss/dOutput, shaped as forward()'s result, for the batch that went through forward() last.
    /// Adds dLoss/dParameters to `gradient` (see zeros_like).
    void backward(const Matrix& output_gradient, FloatNetwork& gradient);

private:
    struct LayerTape {
        Matrix output;   // activations that left the layer
        Matrix gates;    // GRU: r, z, n stacked, then their pre-activations' gradients
        Matrix product;  // GRU: W_hn h + b_hn, then its gradient
    };
    const FloatNetwork& network_;
    Matrix input_, carried_;
    Matrix gradient_in_, gradient_out_;
    int sequences_ = 0;
    std::vector<LayerTape> tape_;
};

/// Same shapes, all zero: where gradients and moments are collected.
FloatNetwork zeros_like(const FloatNetwork&);
/// Every weight matrix and bias vector as a flat span, always in the same order.
std::vector<std::span<float>> parameters(FloatNetwork&);

/// Weights as PyTorch makes them: uniform in ±1/√(hidden size) for a GRU, ±1/√(inputs) for a dense layer. Same seed, same bits.
FloatGru random_gru(int input_size, int hidden_size, std::uint64_t seed);
FloatDense random_dense(int input_size, int output_size, Activation activation, std::uint64_t seed);

}  // namespace gruve
