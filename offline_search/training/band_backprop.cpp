#include "offline_search/training/band_backprop.h"

namespace gruve {
namespace {

/// The derivatives are those of backward_gru() in backprop.cpp. dy: dLoss/dOutput. Overwrites the tape's `gates` with
/// dar, daz, dan and its `product` with d(hn), adds to `gradient` and sets dx.
void backward_bands(const FloatGru& layer, Eigen::Index together, Order order, const BandMatrix& x,
                    const BandMatrix& dy, GruTape& tape, FloatGru& gradient, BandMatrix& dx) {
    auto& [gates, product, output] = tape;
    const BandMatrix& y = output;
    const Eigen::Index size = layer.hidden_size(), columns = x.cols(), steps = columns / together;
    const Eigen::Index back = order == Order::forward ? -together : together;  // to the step before
    const Matrix of_r_and_z = layer.weight_hh.topRows(2 * size).transpose(),
                 of_n = layer.weight_hh.bottomRows(size).transpose();
    BandMatrix carried = BandMatrix::Zero(size, together);
    Eigen::ArrayXf dh(together), kept(together);
    for (Eigen::Index step = steps; step-- > 0;) {
        const Eigen::Index at = (order == Order::forward ? step : steps - 1 - step) * together;
        for (Eigen::Index u = 0; u < size; ++u) {
            auto r = stretch(gates, u, at, together), z = stretch(gates, size + u, at, together),
                 n = stretch(gates, 2 * size + u, at, together), hn = stretch(product, u, at, together),
                 past = stretch(carried, u, 0, together);
            dh = stretch(dy, u, at, together) + past;
            kept = dh * z;
            past = kept;
            if (step > 0)
                z = kept * (stretch(y, u, at + back, together) - n) * (1.0f - z);
            else
                z = -kept * n * (1.0f - z);
            n = (dh - kept) * (1.0f - n.square());
            kept = n * r;
            r = kept * hn * (1.0f - r);
            hn = kept;
        }
        if (step > 0) {
            carried.noalias() += of_r_and_z * gates.middleCols(at, together).topRows(2 * size);
            carried.noalias() += of_n * product.middleCols(at, together);
        }
    }
    if (const Eigen::Index rest = columns - together; rest > 0) {  // without the first step, whose past is zero
        const Eigen::Index later = order == Order::forward ? together : 0, earlier = together - later;
        const auto past = y.middleCols(earlier, rest).transpose();
        gradient.weight_hh.topRows(2 * size).noalias() += gates.middleCols(later, rest).topRows(2 * size) * past;
        gradient.weight_hh.bottomRows(size).noalias() += product.middleCols(later, rest) * past;
    }
    gradient.weight_ih.noalias() += gates * x.transpose();
    const Vector bias = gates.rowwise().sum();
    gradient.bias_ih += bias;
    gradient.bias_hh.head(2 * size) += bias.head(2 * size);
    gradient.bias_hh.tail(size) += product.rowwise().sum();
    dx.noalias() = layer.weight_ih.transpose() * gates;
}

}  // namespace

const Matrix& BandBackprop::forward(const Matrix& batch, int sequences) {
    sequences_ = sequences;
    input_ = spread_bands(batch, network_.bands);
    for (std::size_t k = 0; k < tape_.size(); ++k)
        std::visit([&](const auto& layer) { run(layer, k); }, network_.layers[k]);
    output_ = gather_bands(tape_.back().output, network_.bands);
    return output_;
}

void BandBackprop::run(const FloatDense& layer, std::size_t k) {
    BandMatrix& y = tape_[k].output;
    forward_bands(layer, network_.bands, input_of(k), y);
    if (layer.adds) y += input_of(k - 1);
}

void BandBackprop::run(const FloatGru& layer, std::size_t k) {
    forward_bands(layer, sequences_ * network_.bands, Order::forward, input_of(k), tape_[k].over_time);
}

void BandBackprop::run(const FloatBandGru& layer, std::size_t k) {
    forward_bands(layer, network_.bands, input_of(k), tape_[k].over_bands, tape_[k].output);
}

void BandBackprop::backward(const Matrix& output_gradient, FloatNetwork& gradient) {
    slope_ = spread_bands(output_gradient, network_.bands);
    past_.resize(0, 0);
    for (std::size_t k = tape_.size(); k-- > 0;)
        std::visit(
            [&](const auto& layer) { run_back(layer, k, std::get<std::decay_t<decltype(layer)>>(gradient.layers[k])); },
            network_.layers[k]);
}

void BandBackprop::run_back(const FloatDense& layer, std::size_t k, FloatDense& gradient) {
    const BandMatrix &x = input_of(k), &y = tape_[k].output;
    if (past_.size() > 0) slope_ += past_;
    past_.resize(0, 0);
    if (layer.adds) past_ = slope_;
    if (layer.activation == Activation::sigmoid) slope_.array() *= y.array() * (1.0f - y.array());
    if (layer.activation == Activation::tanh) slope_.array() *= 1.0f - y.array().square();
    gradient.weight.noalias() += slope_ * x.transpose();
    gradient.bias += slope_.rowwise().sum();
    if (layer.by_band.size() > 0)
        for (Eigen::Index row = 0; row < slope_.rows(); ++row)
            gradient.by_band.row(row) +=
                Eigen::Map<BandMatrix>(slope_.row(row).data(), slope_.cols() / network_.bands, network_.bands)
                    .colwise()
                    .sum();
    if (k == 0) return;
    next_.noalias() = layer.weight.transpose() * slope_;
    slope_.swap(next_);
}

void BandBackprop::run_back(const FloatGru& layer, std::size_t k, FloatGru& gradient) {
    backward_bands(layer, sequences_ * network_.bands, Order::forward, input_of(k), slope_, tape_[k].over_time,
                   gradient, next_);
    slope_.swap(next_);
}

void BandBackprop::run_back(const FloatBandGru& layer, std::size_t k, FloatBandGru& gradient) {
    BandGruTape& tape = tape_[k].over_bands;
    const Eigen::Index together = input_.cols() / network_.bands, size = layer.hidden_size();
    order_by_band(slope_, network_.bands, ordered_);
    BandMatrix sum;
    part_ = ordered_.topRows(size);
    backward_bands(layer.forward, together, Order::forward, tape.x, part_, tape.forward, gradient.forward, sum);
    part_ = ordered_.bottomRows(size);
    backward_bands(layer.backward, together, Order::backward, tape.x, part_, tape.backward, gradient.backward, next_);
    sum += next_;
    order_by_column(sum, network_.bands, slope_);
}

}  // namespace gruve
