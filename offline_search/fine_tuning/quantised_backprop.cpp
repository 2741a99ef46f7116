#include "offline_search/fine_tuning/quantised_backprop.h"

#include "offline_search/network/activations.h"
#include "offline_search/quantisation/genome.h"

namespace gruve {
namespace {

FakeQuantiser signed_levels(double scale, int bits) {
    return {static_cast<float>(scale), static_cast<float>(signed_min(bits)), static_cast<float>(signed_max(bits))};
}
/// A signed activation with full scale 1.
FakeQuantiser signed_unit(int bits) { return signed_levels(1.0 / signed_max(bits), bits); }
FakeQuantiser unsigned_unit(int bits) {
    return {1.0f / static_cast<float>(unsigned_max(bits)), 0.0f, static_cast<float>(unsigned_max(bits))};
}

}  // namespace

QuantisedBackprop::QuantisedBackprop(const Quantiser& quantiser, const Genome& genome, const FloatNetwork& network)
    : network_(network),
      narrow_state_(quantiser.scheme().narrow_state),
      gru_(network.layers.size()),
      dense_(network.layers.size()),
      tape_(network.layers.size()) {
    require_chain(network);
    const InputQuantiser input = quantiser.input(genome);
    input_quantiser_ = {input.scale, static_cast<float>(signed_min(input.bits) - input.zero_point),
                        static_cast<float>(signed_max(input.bits) - input.zero_point)};
    const auto scales = quantiser.activation_scales(genome);
    for (std::size_t k = 0; k < network.layers.size(); ++k) {
        if (std::holds_alternative<FloatGru>(network.layers[k])) {
            const auto bits = [&](Operator op) {
                return static_cast<int>(genome.layers[k].gru[static_cast<std::size_t>(op)]);
            };
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
            dense_[k].output = std::get<FloatDense>(network.layers[k]).activation == Activation::tanh
                                   ? signed_unit(widths.output)
                                   : unsigned_unit(widths.output);
        }
    }
}

void QuantisedBackprop::forward_gru(std::size_t k, const Matrix& x) {
    const auto& layer = std::get<FloatGru>(network_.layers[k]);
    const GruQuantisers& q = gru_[k];
    Tape& tape = tape_[k];
    const Eigen::Index size = layer.hidden_size(), columns = x.cols();
    const Matrix from_input = (layer.weight_ih * x).colwise() + layer.bias_ih;
    for (Matrix* m : {&tape.pre_r, &tape.pre_z, &tape.pre_n, &tape.slope_r, &tape.slope_z, &tape.slope_n, &tape.r,
                      &tape.z, &tape.n, &tape.hn, &tape.product, &tape.h, &tape.h_before, &tape.copy})
        m->resize(size, columns);
    Matrix from_state(3 * size, sequences_);
    Eigen::ArrayXXf rounded;
    for (Eigen::Index c = 0; c < columns; c += sequences_) {
        if (c == 0)
            from_state.setZero();
        else
            from_state.noalias() = layer.weight_hh * tape.copy.middleCols(c - sequences_, sequences_);
        from_state.colwise() += layer.bias_hh;
        const auto at = [&](Matrix& m) { return m.middleCols(c, sequences_).array(); };
        const auto input = [&](int gate) { return from_input.block(gate * size, c, size, sequences_).array(); };
        const auto state = [&](int gate) { return from_state.middleRows(gate * size, size).array(); };
        auto pre_r = at(tape.pre_r), pre_z = at(tape.pre_z), pre_n = at(tape.pre_n), r = at(tape.r), z = at(tape.z),
             n = at(tape.n), hn = at(tape.hn);
        auto product = at(tape.product), before = at(tape.h_before), h = at(tape.h);
        auto slope_r = at(tape.slope_r), slope_z = at(tape.slope_z), slope_n = at(tape.slope_n);
        // The slopes first hold t = tanh, then the derivative: σ' = (1 − t²) / 4, tanh' = 1 − t².
        pre_r = input(0) + state(0);
        slope_r = (0.5f * q.pre_r.levels(pre_r)).tanh();
        r = q.r.levels(0.5f * slope_r + 0.5f);
        slope_r = (0.25f - 0.25f * slope_r.square()) * q.pre_r.slopes(pre_r);
        pre_z = input(1) + state(1);
        slope_z = (0.5f * q.pre_z.levels(pre_z)).tanh();
        z = q.z.levels(0.5f * slope_z + 0.5f);
        slope_z = (0.25f - 0.25f * slope_z.square()) * q.pre_z.slopes(pre_z);
        hn = state(2);
        product = r * hn;
        pre_n = input(2) + q.product.levels(product);
        slope_n = q.pre_n.levels(pre_n).tanh();
        n = q.n.levels(slope_n);
        slope_n = (1.0f - slope_n.square()) * q.pre_n.slopes(pre_n);
        rounded = q.one_minus.levels(1.0f - z) * n;
        before = q.candidate.levels(rounded);
        if (c > 0) {
            rounded = z * tape.h.middleCols(c - sequences_, sequences_).array();
            before += q.keep.levels(rounded);
        }
        if (narrow_state_)
            h = q.state.levels(before);
        else
            h = before.max(-1.0f).min(1.0f);
        at(tape.copy) = q.copy.levels(h);
    }
}

// As in backprop.cpp, but with the rounded values. A clipped value passes no gradient.
void QuantisedBackprop::backward_gru(std::size_t k, const Matrix& x, const Matrix& dy, FloatGru& gradient, Matrix& dx) {
    const auto& layer = std::get<FloatGru>(network_.layers[k]);
    const GruQuantisers& q = gru_[k];
    const Tape& tape = tape_[k];
    const Eigen::Index size = layer.hidden_size(), columns = x.cols();
    // Gradients of the pre-activations: of W_ih x + b_ih, and of W_hh h + b_hh.
    Matrix gates(3 * size, columns), recurrent(3 * size, columns);
    Matrix copy_gradient = Matrix::Zero(size, sequences_), kept = Matrix::Zero(size, sequences_);
    Eigen::ArrayXXf dh, o, last;
    for (Eigen::Index c = columns - sequences_; c >= 0; c -= sequences_) {
        const auto at = [&](const Matrix& m) { return m.middleCols(c, sequences_).array(); };
        const auto r = at(tape.r), z = at(tape.z), n = at(tape.n), before = at(tape.h_before);
        dh = (at(dy) + copy_gradient.array()) * q.copy.slopes(at(tape.h)) + kept.array();
        if (narrow_state_)
            dh *= q.state.slopes(before);
        else
            dh *= (before.abs() <= 1.0f).cast<float>();
        o = q.one_minus.levels(1.0f - z);
        if (c > 0)
            last = tape.h.middleCols(c - sequences_, sequences_).array();
        else
            last.setZero(size, sequences_);
        kept = (dh * z * q.keep.slopes(z * last)).matrix();
        auto dar = gates.block(0, c, size, sequences_).array(), daz = gates.block(size, c, size, sequences_).array(),
             dan = gates.block(2 * size, c, size, sequences_).array();
        dan = dh * o * q.candidate.slopes(o * n) * at(tape.slope_n);
        daz = dh * (last - n) * at(tape.slope_z);
        last = dan * q.product.slopes(at(tape.product));  // from here on the gradient of the product
        dar = last * at(tape.hn) * at(tape.slope_r);
        recurrent.block(0, c, 2 * size, sequences_) = gates.block(0, c, 2 * size, sequences_);
        recurrent.block(2 * size, c, size, sequences_).array() = last * r;
        copy_gradient.noalias() = layer.weight_hh.transpose() * recurrent.middleCols(c, sequences_);
    }
    const Eigen::Index rest = columns - sequences_;  // the state before the first step is zero
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
            tape.n = tape.output;  // before the output is rounded
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
