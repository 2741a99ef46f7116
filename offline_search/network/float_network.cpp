#include "offline_search/network/float_network.h"

#include "offline_search/network/activations.h"

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

}  // namespace

int FloatNetwork::input_size() const {
    if (layers.empty()) return 0;
    if (const auto* gru = std::get_if<FloatGru>(&layers.front())) return gru->input_size();
    return static_cast<int>(std::get<FloatDense>(layers.front()).weight.cols());
}

int FloatNetwork::output_size() const {
    if (layers.empty()) return 0;
    if (const auto* gru = std::get_if<FloatGru>(&layers.back())) return gru->hidden_size();
    return static_cast<int>(std::get<FloatDense>(layers.back()).weight.rows());
}

Matrix FloatNetwork::forward(const Matrix& sequence) const {
    Matrix x = sequence;
    for (const auto& layer : layers) x = std::visit([&](const auto& l) { return forward_layer(l, x); }, layer);
    return x;
}

}  // namespace gruve
