#include "offline_search/training/backprop.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "datasets/support/random.h"
#include "offline_search/network/activations.h"

namespace gruve {
namespace {

void forward_dense(const FloatDense& layer, const Matrix& x, Matrix& y) {
    y.noalias() = layer.weight * x;
    y.colwise() += layer.bias;
    if (layer.activation == Activation::sigmoid) apply_sigmoid(y);
    if (layer.activation == Activation::tanh) apply_tanh(y);
}

// y = f(W x + b):  da = dy ⊙ f'(a),  dW += da xᵀ,  db += Σ da,  dx = Wᵀ da.  Overwrites `dy` with da.
void backward_dense(const FloatDense& layer, const Matrix& x, const Matrix& y, Matrix& dy, FloatDense& gradient,
                    Matrix* dx) {
    if (layer.activation == Activation::sigmoid) dy.array() *= y.array() * (1.0f - y.array());
    if (layer.activation == Activation::tanh) dy.array() *= 1.0f - y.array().square();
    gradient.weight.noalias() += dy * x.transpose();
    gradient.bias += dy.rowwise().sum();
    if (dx) dx->noalias() = layer.weight.transpose() * dy;
}

/// Sets gates (3H × columns) to r, z, n, product (H × columns) to W_hn h + b_hn, and y (H × columns) to the states.
void forward_gru(const FloatGru& layer, const Matrix& x, int sequences, Matrix& gates, Matrix& product, Matrix& y) {
    const int size = layer.hidden_size();
    const auto columns = x.cols();
    gates.noalias() = layer.weight_ih * x;
    Vector bias = layer.bias_ih;
    bias.head(2 * size) += layer.bias_hh.head(2 * size);
    gates.colwise() += bias;
    product.resize(size, columns);
    y.resize(size, columns);
    Matrix from_state = Matrix::Zero(3 * size, sequences);
    for (Eigen::Index c = 0; c < columns; c += sequences) {
        if (c > 0) from_state.noalias() = layer.weight_hh * y.middleCols(c - sequences, sequences);
        for (int s = 0; s < sequences; ++s) {
            auto gate = gates.col(c + s);
            auto hn = product.col(c + s);
            gate.head(2 * size) += from_state.col(s).head(2 * size);
            apply_sigmoid(gate.head(2 * size));
            hn = from_state.col(s).tail(size) + layer.bias_hh.tail(size);
            const auto r = gate.head(size).array();
            const auto z = gate.segment(size, size).array();
            auto n = gate.tail(size).array();
            n = (n + r * hn.array()).tanh();
            if (c > 0) {
                y.col(c + s).array() = n + z * (y.col(c + s - sequences).array() - n);
            } else {
                y.col(s).array() = n - z * n;
            }
        }
    }
}

// dz = dh ⊙ (h − n)         daz = dz ⊙ z ⊙ (1−z)
// dn = dh ⊙ (1−z)           dan = dn ⊙ (1−n²)          d(hn) = dan ⊙ r
// dr = dan ⊙ hn             dar = dr ⊙ r ⊙ (1−r)
// dh_prev = dh ⊙ z + W_hrᵀ dar + W_hzᵀ daz + W_hnᵀ d(hn)
// Overwrites `gates` with dar, daz, dan and `product` with d(hn), so that products over the whole sequence can follow.
void backward_gru(const FloatGru& layer, const Matrix& x, const Matrix& y, const Matrix& dy, int sequences,
                  Matrix& gates, Matrix& product, FloatGru& gradient, Matrix& carried, Matrix* dx) {
    const int size = layer.hidden_size();
    const auto columns = x.cols();
    const Matrix transposed = layer.weight_hh.transpose();
    carried.setZero(size, sequences);
    Vector dh(size);
    for (Eigen::Index c = columns - sequences; c >= 0; c -= sequences) {
        for (int s = 0; s < sequences; ++s) {
            auto gate = gates.col(c + s);
            auto r = gate.head(size).array();
            auto z = gate.segment(size, size).array();
            auto n = gate.tail(size).array();
            auto hn = product.col(c + s).array();
            dh = dy.col(c + s) + carried.col(s);
            carried.col(s).array() = dh.array() * z;
            if (c > 0) {
                z = dh.array() * (y.col(c + s - sequences).array() - n) * z * (1.0f - z);
            } else {
                z = -dh.array() * n * z * (1.0f - z);
            }
            // z is overwritten already: dh ⊙ (1−z) = dh − dh ⊙ z = dh − carried.
            n = (dh.array() - carried.col(s).array()) * (1.0f - n.square());
            const Vector dhn = n * r;
            r = n * hn * r * (1.0f - r);
            hn = dhn.array();
        }
        if (c > 0) {
            carried.noalias() += transposed.leftCols(2 * size) * gates.middleCols(c, sequences).topRows(2 * size);
            carried.noalias() += transposed.rightCols(size) * product.middleCols(c, sequences);
        }
    }
    const auto rest = columns - sequences;  // without the first step, whose previous state is zero
    if (rest > 0) {
        gradient.weight_hh.topRows(2 * size).noalias() +=
            gates.topRows(2 * size).rightCols(rest) * y.leftCols(rest).transpose();
        gradient.weight_hh.bottomRows(size).noalias() += product.rightCols(rest) * y.leftCols(rest).transpose();
    }
    gradient.weight_ih.noalias() += gates * x.transpose();
    const Vector bias = gates.rowwise().sum();
    gradient.bias_ih += bias;
    gradient.bias_hh.head(2 * size) += bias.head(2 * size);
    gradient.bias_hh.tail(size) += product.rowwise().sum();
    if (dx) dx->noalias() = layer.weight_ih.transpose() * gates;
}

void fill_uniform(std::span<float> values, float bound, std::mt19937_64& random) {
    for (float& value : values) value = static_cast<float>(uniform(random, -bound, bound));
}

std::span<float> span_of(Matrix& matrix) { return {matrix.data(), static_cast<std::size_t>(matrix.size())}; }
std::span<float> span_of(Vector& vector) { return {vector.data(), static_cast<std::size_t>(vector.size())}; }

}  // namespace

Backprop::Backprop(const FloatNetwork& network) : network_(network), tape_(network.layers.size()) {
    if (network.bands > 1) of_bands_.emplace(network);
}

const Matrix& Backprop::forward(const Matrix& batch, int sequences) {
    if (of_bands_) return of_bands_->forward(batch, sequences);
    input_ = batch;
    sequences_ = sequences;
    const Matrix* x = &input_;
    for (std::size_t k = 0; k < tape_.size(); ++k) {
        auto& tape = tape_[k];
        if (const auto* dense = std::get_if<FloatDense>(&network_.layers[k])) {
            forward_dense(*dense, *x, tape.output);
        } else {
            forward_gru(std::get<FloatGru>(network_.layers[k]), *x, sequences, tape.gates, tape.product, tape.output);
        }
        x = &tape.output;
    }
    return *x;
}

void Backprop::backward(const Matrix& output_gradient, FloatNetwork& gradient) {
    if (of_bands_) return of_bands_->backward(output_gradient, gradient);
    gradient_out_ = output_gradient;
    for (std::size_t k = tape_.size(); k-- > 0;) {
        auto& tape = tape_[k];
        const Matrix& x = k > 0 ? tape_[k - 1].output : input_;
        Matrix* dx = k > 0 ? &gradient_in_ : nullptr;
        if (const auto* dense = std::get_if<FloatDense>(&network_.layers[k])) {
            backward_dense(*dense, x, tape.output, gradient_out_, std::get<FloatDense>(gradient.layers[k]), dx);
        } else {
            backward_gru(std::get<FloatGru>(network_.layers[k]), x, tape.output, gradient_out_, sequences_, tape.gates,
                         tape.product, std::get<FloatGru>(gradient.layers[k]), carried_, dx);
        }
        std::swap(gradient_in_, gradient_out_);
    }
}

std::vector<std::span<float>> parameters(FloatNetwork& network) {
    std::vector<std::span<float>> all;
    const auto add_gru = [&](FloatGru& gru) {
        all.insert(all.end(),
                   {span_of(gru.weight_ih), span_of(gru.weight_hh), span_of(gru.bias_ih), span_of(gru.bias_hh)});
    };
    for (auto& layer : network.layers) {
        if (auto* dense = std::get_if<FloatDense>(&layer)) {
            all.insert(all.end(), {span_of(dense->weight), span_of(dense->bias)});
            if (dense->by_band.size() > 0) all.push_back(span_of(dense->by_band));
        } else if (auto* both = std::get_if<FloatBandGru>(&layer)) {
            add_gru(both->forward);
            add_gru(both->backward);
        } else {
            add_gru(std::get<FloatGru>(layer));
        }
    }
    return all;
}

std::vector<bool> is_weight(const FloatNetwork& network) {
    std::vector<bool> flags;
    for (const auto& layer : network.layers) {
        if (const auto* dense = std::get_if<FloatDense>(&layer)) {
            flags.insert(flags.end(), {true, false});
            if (dense->by_band.size() > 0) flags.push_back(false);
            continue;
        }
        const int grus = std::holds_alternative<FloatBandGru>(layer) ? 2 : 1;
        for (int i = 0; i < grus; ++i) flags.insert(flags.end(), {true, true, false, false});
    }
    return flags;
}

FloatNetwork zeros_like(const FloatNetwork& network) {
    FloatNetwork zeros{network.bands, network.layers, {}};
    for (auto values : parameters(zeros)) std::fill(values.begin(), values.end(), 0.0f);
    return zeros;
}

FloatGru random_gru(int input_size, int hidden_size, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    FloatGru gru{Matrix(3 * hidden_size, input_size), Matrix(3 * hidden_size, hidden_size), Vector(3 * hidden_size),
                 Vector(3 * hidden_size)};
    const float bound = 1.0f / std::sqrt(static_cast<float>(hidden_size));
    for (auto values : {span_of(gru.weight_ih), span_of(gru.weight_hh), span_of(gru.bias_ih), span_of(gru.bias_hh)}) {
        fill_uniform(values, bound, random);
    }
    return gru;
}

FloatBandGru random_band_gru(int input_size, int hidden_size, std::uint64_t seed) {
    return {random_gru(input_size, hidden_size, seed), random_gru(input_size, hidden_size, ~seed)};
}

FloatDense random_dense(int input_size, int output_size, Activation activation, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    FloatDense dense{activation, Matrix(output_size, input_size), Vector(output_size)};
    const float bound = 1.0f / std::sqrt(static_cast<float>(input_size));
    for (auto values : {span_of(dense.weight), span_of(dense.bias)}) fill_uniform(values, bound, random);
    return dense;
}

}  // namespace gruve
