#include "offline_search/network/float_network.h"

#include <stdexcept>

#include "offline_search/network/activations.h"
#include "offline_search/network/band_layers.h"

namespace gruve {
namespace {

Matrix forward_layer(const FloatDense& layer, const Matrix& x) {
    Matrix y = layer.weight * x;
    y.colwise() += layer.bias;
    if (layer.activation == Activation::sigmoid) apply_sigmoid(y);
    if (layer.activation == Activation::tanh) apply_tanh(y);
    return y;
}

// r = σ(W_ir x + b_ir + W_hr h + b_hr)    n  = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn))
// z = σ(W_iz x + b_iz + W_hz h + b_hz)    h' = (1−z) ⊙ n + z ⊙ h
Matrix forward_layer(const FloatGru& layer, const Matrix& x) {
    const int size = layer.hidden_size();
    Matrix from_input = layer.weight_ih * x;
    from_input.colwise() += layer.bias_ih;
    Matrix y(size, x.cols());
    Vector h = Vector::Zero(size), from_state(3 * size);
    for (Eigen::Index t = 0; t < x.cols(); ++t) {
        from_state.noalias() = layer.weight_hh * h;
        from_state += layer.bias_hh;
        auto gates = from_input.col(t);
        gates.head(2 * size) += from_state.head(2 * size);
        apply_sigmoid(gates.head(2 * size));
        const auto r = gates.head(size).array();
        const auto z = gates.segment(size, size).array();
        auto n = gates.tail(size).array();
        n = (n + r * from_state.tail(size).array()).tanh();
        h.array() = n + z * (h.array() - n);
        y.col(t) = h;
    }
    return y;
}

Matrix forward_bands(const FloatNetwork& network, const Matrix& sequence) {
    const int bands = network.bands;
    BandMatrix path, x = spread_bands(sequence, bands), y;  // path: what the dense layers left
    GruTape tape;
    BandGruTape of_both;
    for (const FloatLayer& layer : network.layers) {
        if (const auto* dense = std::get_if<FloatDense>(&layer)) {
            forward_bands(*dense, bands, x, y);
            if (dense->adds) y += path;
            path = y;
        } else if (const auto* gru = std::get_if<FloatGru>(&layer)) {
            forward_bands(*gru, bands, Order::forward, x, tape);
            y = tape.output;
        } else {
            forward_bands(std::get<FloatBandGru>(layer), bands, x, of_both, y);
        }
        x = y;
    }
    return gather_bands(x, bands);
}

}  // namespace

int FloatNetwork::input_size() const { return layers.empty() ? 0 : bands * gruve::input_size(layers.front()); }
int FloatNetwork::output_size() const { return layers.empty() ? 0 : bands * gruve::output_size(layers.back()); }

void require_chain(const FloatNetwork& network) {
    if (network.bands > 1)
        throw std::invalid_argument("a network of " + std::to_string(network.bands) +
                                    " bands can't be fine-tuned yet; only chains can");
}

Matrix FloatNetwork::forward(const Matrix& sequence) const {
    if (bands > 1) return forward_bands(*this, sequence);
    Matrix x = sequence;
    for (const auto& layer : layers) {
        if (const auto* dense = std::get_if<FloatDense>(&layer))
            x = forward_layer(*dense, x);
        else
            x = forward_layer(std::get<FloatGru>(layer), x);
    }
    return x;
}

}  // namespace gruve
