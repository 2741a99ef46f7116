// Gradients of a network of bands (FloatNetwork::bands) by hand-written backpropagation.
#pragma once

#include <vector>

#include "offline_search/network/band_layers.h"
#include "offline_search/network/float_network.h"

namespace gruve {

/// Like Backprop, which uses it.
class BandBackprop {
public:
    explicit BandBackprop(const FloatNetwork& network) : network_(network), tape_(network.layers.size()) {}

    const Matrix& forward(const Matrix& batch, int sequences);
    void backward(const Matrix& output_gradient, FloatNetwork& gradient);

private:
    struct GruTape {
        BandMatrix gates, product, output;
    };
    struct LayerTape {
        BandMatrix output;             // of the layer; of an adding layer, the sum
        BandMatrix by_band;            // band GRU: its input in the order of bands
        std::vector<GruTape> of_grus;  // one, or two of a band GRU, whose outputs are in the order of bands
    };
    const BandMatrix& input_of(std::size_t layer) const { return layer > 0 ? tape_[layer - 1].output : input_; }
    void run(const FloatDense&, std::size_t layer);
    void run(const FloatGru&, std::size_t layer);
    void run(const FloatBandGru&, std::size_t layer);
    /// These take slope_, dLoss/dOutput of the layer, to that of its input.
    void run_back(const FloatDense&, std::size_t layer, FloatDense& gradient);
    void run_back(const FloatGru&, std::size_t layer, FloatGru& gradient);
    void run_back(const FloatBandGru&, std::size_t layer, FloatBandGru& gradient);

    const FloatNetwork& network_;
    int sequences_ = 0;
    BandMatrix input_;
    Matrix output_;
    std::vector<LayerTape> tape_;
    BandMatrix slope_, past_;  // past_: the slope that an adding layer leaves for the dense layer before it
    BandMatrix next_, ordered_, part_;
};

}  // namespace gruve
