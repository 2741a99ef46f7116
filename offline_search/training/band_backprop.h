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
    struct LayerTape {
        BandMatrix output;  // of a dense layer (the sum, if it adds), and of a GRU over the bands
        GruTape over_time;
        BandGruTape over_bands;
    };
    const BandMatrix& output_of(std::size_t layer) const {
        return std::holds_alternative<FloatGru>(network_.layers[layer]) ? tape_[layer].over_time.output
                                                                        : tape_[layer].output;
    }
    const BandMatrix& input_of(std::size_t layer) const { return layer > 0 ? output_of(layer - 1) : input_; }
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
