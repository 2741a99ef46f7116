#include "offline_search/quantised_backprop.h"

#include <algorithm>
#include <cmath>

#include "offline_search/activations.h"

namespace gruve {
namespace {

FakeQuantiser signed_levels(double scale, int bits) {
    return {static_cast<float>(scale), static_cast<float>(signed_min(bits)), static_cast<float>(signed_max(bits))};
}
/// Full scale 1.
FakeQuantiser signed_unit(int bits) { return signed_levels(1.0 / signed_max(bits), bits); }
FakeQuantiser unsigned_unit(int bits) { return {1.0f / static_cast<float>(unsigned_max(bits)), 0.0f, static_cast<float>(unsigned_max(bits))}; }

float sigmoid(float x) { return 1.0f / (1.0f + std::exp(-x)); }

}  // namespace

QuantisedBackprop::QuantisedBackprop(const Quantiser& quantiser, const Genome& genome, const FloatNetwork& network)
    : network_(network), narrow_state_(quantiser.scheme().narrow_state), gru_(network.layers.size()), dense_(network.layers.size()), tape_(network.layers.size()) {
    const InputQuantiser input = quantiser.input(genome);
    input_quantiser_ = {input.scale, static_cast<float>(signed_min(input.bits) - input.zero_point), static_cast<float>(signed_max(input.bits) - input.zero_point)};
    const auto scales = quantiser.activation_scales(genome);
    for (std::size_t k = 0; k < network.layers.size(); ++k) {
        if (std::holds_alternative<FloatGru>(network.layers[k])) {
            const auto bits = [&](Operator op) { return static_cast<int>(genome.layers[k].gru[static_cast<std::size_t>(op)]); };
            GruQuantisers& q = gru_[k];
            q.pre_r = signed_levels(scales[k].pre_r, bits(Operator::add_r));
            q.pre_z = signed_levels(scales[k].pre_z, bits(Operator::add_z));
            q.pre_n = signed_levels(scales[k].pre_n, bits(Operator::add_n));
            q.r = unsigned_unit(bits(Operator::sigmoid_r));
            q.z = unsigned_unit(bits(Operator::sigmoid_z));
            q.n = signed_unit(bits(Operator::tanh_n));
            q.product = signed_levels(scales[k].product_reset, bits(Operator::product_reset));
            q.one_minus = unsigned_unit(bits(Operator::one_minus_z));
            q.candidate = signed_unit(bits(Operator::product_candidate));
            q.keep = signed_unit(bits(Operator::product_state));
            q.state = signed_unit(bits(Operator::state));
            q.copy = signed_levels(scales[k].copy, bits(Operator::state));
        } else {
            const DenseWidths& widths = genome.layers[k].dense;
            dense_[k].pre = signed_levels(scales[k].pre_activation, widths.pre_activation);
            dense_[k].output = std::get<FloatDense>(network.layers[k]).activation == Activation::tanh ? signed_unit(widths.output) : unsigned_unit(widths.output);
        }
    }
}

void QuantisedBackprop::forward_gru(std::size_t k, const Matrix& x) {
    const auto& layer = std::get<FloatGru>(network_.layers[k]);
    const GruQuantisers& q = gru_[k];
    Tape& tape = tape_[k];
    const Eigen::Index size = layer.hidden_size(), columns = x.cols();
    const Matrix from_input = (layer.weight_ih * x).colwise() + layer.bias_ih;
    for (Matrix* m : {&tape.pre_r, &tape.pre_z, &tape.pre_n, &tape.r, &tape.z, &tape.n, &tape.hn, &tape.product, &tape.h, &tape.h_before, &tape.copy}) m->resize(size, columns);
    Matrix from_state(3 * size, sequences_);
    for (Eigen::Index c = 0; c < columns; c += sequences_) {
        if (c == 0) from_state.setZero();
        else from_state.noalias() = layer.weight_hh * tape.copy.middleCols(c - sequences_, sequences_);
        from_state.colwise() += layer.bias_hh;
        for (Eigen::Index s = 0; s < sequences_; ++s)
            for (Eigen::Index i = 0; i < size; ++i) {
                const Eigen::Index t = c + s;
                const float pre_r = from_input(i, t) + from_state(i, s), pre_z = from_input(size + i, t) + from_state(size + i, s);
                const float r = q.r(sigmoid(q.pre_r(pre_r))), z = q.z(sigmoid(q.pre_z(pre_z))), hn = from_state(2 * size + i, s);
                const float product = r * hn, pre_n = from_input(2 * size + i, t) + q.product(product), n = q.n(std::tanh(q.pre_n(pre_n)));
                const float before = q.candidate(q.one_minus(1.0f - z) * n) + q.keep(c > 0 ? z * tape.h(i, t - sequences_) : 0.0f);
                const float h = narrow_state_ ? q.state(before) : std::clamp(before, -1.0f, 1.0f);
                tape.pre_r(i, t) = pre_r, tape.pre_z(i, t) = pre_z, tape.pre_n(i, t) = pre_n;
                tape.r(i, t) = r, tape.z(i, t) = z, tape.n(i, t) = n, tape.hn(i, t) = hn, tape.product(i, t) = product;
                tape.h_before(i, t) = before, tape.h(i, t) = h, tape.copy(i, t) = q.copy(h);
            }
    }
}

// As backprop.cpp, through the rounded values; a clipped value passes nothing.
void QuantisedBackprop::backward_gru(std::size_t k, const Matrix& x, const Matrix& dy, FloatGru& gradient, Matrix& dx) {
    const auto& layer = std::get<FloatGru>(network_.layers[k]);
    const GruQuantisers& q = gru_[k];
    const Tape& tape = tape_[k];
    const Eigen::Index size = layer.hidden_size(), columns = x.cols();
    Matrix gates(3 * size, columns), recurrent(3 * size, columns);  // gradients of the pre-activations as W_ih and as W_hh see them
    Matrix copy_gradient = Matrix::Zero(size, sequences_), kept = Matrix::Zero(size, sequences_);
    for (Eigen::Index c = columns - sequences_; c >= 0; c -= sequences_) {
        for (Eigen::Index s = 0; s < sequences_; ++s)
            for (Eigen::Index i = 0; i < size; ++i) {
                const Eigen::Index t = c + s;
                const float r = tape.r(i, t), z = tape.z(i, t), n = tape.n(i, t), h_last = c > 0 ? tape.h(i, t - sequences_) : 0.0f;
                const float before = tape.h_before(i, t);
                const float reach = narrow_state_ ? q.state.slope(before) : (std::abs(before) <= 1.0f ? 1.0f : 0.0f);
                const float dh = ((dy(i, t) + copy_gradient(i, s)) * q.copy.slope(tape.h(i, t)) + kept(i, s)) * reach;
                const float o = q.one_minus(1.0f - z);
                kept(i, s) = dh * z * q.keep.slope(z * h_last);
                const float dn = dh * o * q.candidate.slope(o * n), dz = dh * (h_last - n);
                const float pre_r = q.pre_r(tape.pre_r(i, t)), pre_z = q.pre_z(tape.pre_z(i, t)), pre_n = q.pre_n(tape.pre_n(i, t));
                const float exact_n = std::tanh(pre_n), exact_r = sigmoid(pre_r), exact_z = sigmoid(pre_z);
                const float dan = dn * (1.0f - exact_n * exact_n) * q.pre_n.slope(tape.pre_n(i, t));
                const float dp = dan * q.product.slope(tape.product(i, t));
                gates(i, t) = dp * tape.hn(i, t) * exact_r * (1.0f - exact_r) * q.pre_r.slope(tape.pre_r(i, t));
                gates(size + i, t) = dz * exact_z * (1.0f - exact_z) * q.pre_z.slope(tape.pre_z(i, t));
                gates(2 * size + i, t) = dan;
                recurrent(i, t) = gates(i, t), recurrent(size + i, t) = gates(size + i, t), recurrent(2 * size + i, t) = dp * r;
            }
        copy_gradient.noalias() = layer.weight_hh.transpose() * recurrent.middleCols(c, sequences_);
    }
    const Eigen::Index rest = columns - sequences_;  // the first step's state is zero
    if (rest > 0) gradient.weight_hh.noalias() += recurrent.rightCols(rest) * tape.copy.leftCols(rest).transpose();
    gradient.weight_ih.noalias() += gates * x.transpose();
    gradient.bias_ih += gates.rowwise().sum();
    gradient.bias_hh += recurrent.rowwise().sum();
    dx.noalias() = layer.weight_ih.transpose() * gates;
}

const Matrix& QuantisedBackprop::forward(const Matrix& batch, int sequences) {
    sequences_ = sequences;
    input_ = batch.unaryExpr(input_quantiser_);
    const Matrix* x = &input_;
    for (std::size_t k = 0; k < network_.layers.size(); ++k) {
        if (const auto* dense = std::get_if<FloatDense>(&network_.layers[k])) {
            Tape& tape = tape_[k];
            tape.pre_r = (dense->weight * *x).colwise() + dense->bias;
            tape.output = tape.pre_r.unaryExpr(dense_[k].pre);
            if (dense->activation == Activation::tanh) apply_tanh(tape.output);
            if (dense->activation == Activation::sigmoid) apply_sigmoid(tape.output);
            tape.n = tape.output;  // before the output's rounding
            if (dense->activation != Activation::none) tape.output = tape.output.unaryExpr(dense_[k].output).eval();
            x = &tape.output;
        } else {
            forward_gru(k, *x);
            x = &tape_[k].copy;
        }
    }
    return *x;
}

void QuantisedBackprop::backward(const Matrix& output_gradient, FloatNetwork& gradient) {
    Matrix dy = output_gradient, dx;
    for (std::size_t k = network_.layers.size(); k-- > 0;) {
        const bool after_gru = k > 0 && std::holds_alternative<FloatGru>(network_.layers[k - 1]);
        const Matrix& x = k == 0 ? input_ : after_gru ? tape_[k - 1].copy : tape_[k - 1].output;
        if (const auto* dense = std::get_if<FloatDense>(&network_.layers[k])) {
            const Tape& tape = tape_[k];
            if (dense->activation == Activation::tanh) dy.array() *= 1.0f - tape.n.array().square();
            if (dense->activation == Activation::sigmoid) dy.array() *= tape.n.array() * (1.0f - tape.n.array());
            const FakeQuantiser& pre = dense_[k].pre;
            dy.array() *= tape.pre_r.unaryExpr([&](float v) { return pre.slope(v); }).array();
            auto& g = std::get<FloatDense>(gradient.layers[k]);
            g.weight.noalias() += dy * x.transpose();
            g.bias += dy.rowwise().sum();
            dx.noalias() = dense->weight.transpose() * dy;
        } else {
            backward_gru(k, x, dy, std::get<FloatGru>(gradient.layers[k]), dx);
        }
        std::swap(dx, dy);
    }
}

}  // namespace gruve
