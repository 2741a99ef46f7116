#include "offline_search/network/band_layers.h"

namespace gruve {

BandMatrix spread_bands(const Matrix& values, int bands) {
    const Eigen::Index channels = values.rows() / bands, columns = values.cols();
    BandMatrix spread(channels, columns * bands);
    for (Eigen::Index f = 0; f < channels; ++f)
        for (Eigen::Index c = 0; c < columns; ++c)
            spread.row(f).segment(c * bands, bands) = values.col(c).segment(f * bands, bands).transpose();
    return spread;
}

Matrix gather_bands(const BandMatrix& values, int bands) {
    const Eigen::Index channels = values.rows(), columns = values.cols() / bands;
    Matrix gathered(channels * bands, columns);
    for (Eigen::Index f = 0; f < channels; ++f)
        for (Eigen::Index c = 0; c < columns; ++c)
            gathered.col(c).segment(f * bands, bands) = values.row(f).segment(c * bands, bands).transpose();
    return gathered;
}

void order_by_band(const BandMatrix& from, int bands, BandMatrix& to) {
    const Eigen::Index columns = from.cols() / bands;
    to.resize(from.rows(), from.cols());
    for (Eigen::Index row = 0; row < from.rows(); ++row)
        Eigen::Map<BandMatrix>(to.row(row).data(), bands, columns) =
            Eigen::Map<const BandMatrix>(from.row(row).data(), columns, bands).transpose();
}

void order_by_column(const BandMatrix& from, int bands, BandMatrix& to) {
    const Eigen::Index columns = from.cols() / bands;
    to.resize(from.rows(), from.cols());
    for (Eigen::Index row = 0; row < from.rows(); ++row)
        Eigen::Map<BandMatrix>(to.row(row).data(), columns, bands) =
            Eigen::Map<const BandMatrix>(from.row(row).data(), bands, columns).transpose();
}

void forward_bands(const FloatDense& layer, int bands, const BandMatrix& x, BandMatrix& y) {
    y.noalias() = layer.weight * x;
    y.colwise() += layer.bias;
    if (layer.by_band.size() > 0)
        for (Eigen::Index row = 0; row < y.rows(); ++row)
            Eigen::Map<BandMatrix>(y.row(row).data(), y.cols() / bands, bands).rowwise() += layer.by_band.row(row);
    if (layer.activation == Activation::sigmoid) y.array() = 0.5f * (0.5f * y.array()).tanh() + 0.5f;
    if (layer.activation == Activation::tanh) y.array() = y.array().tanh();
}

void forward_bands(const FloatGru& layer, Eigen::Index together, Order order, const BandMatrix& x, GruTape& tape) {
    auto& [gates, product, y] = tape;
    const Eigen::Index size = layer.hidden_size(), steps = x.cols() / together;
    const Eigen::Index back = order == Order::forward ? -together : together;  // to the step before
    gates.noalias() = layer.weight_ih * x;
    product.resize(size, x.cols());
    y.resize(size, x.cols());
    BandMatrix from_state = BandMatrix::Zero(3 * size, together);
    for (Eigen::Index step = 0; step < steps; ++step) {
        const Eigen::Index at = (order == Order::forward ? step : steps - 1 - step) * together;
        if (step > 0) from_state.noalias() = layer.weight_hh * y.middleCols(at + back, together);
        for (Eigen::Index u = 0; u < size; ++u) {
            auto r = stretch(gates, u, at, together), z = stretch(gates, size + u, at, together),
                 n = stretch(gates, 2 * size + u, at, together), hn = stretch(product, u, at, together),
                 h = stretch(y, u, at, together);
            const float b_r = layer.bias_ih[u] + layer.bias_hh[u],
                        b_z = layer.bias_ih[size + u] + layer.bias_hh[size + u];
            r = 0.5f * (0.5f * (r + stretch(from_state, u, 0, together) + b_r)).tanh() + 0.5f;
            z = 0.5f * (0.5f * (z + stretch(from_state, size + u, 0, together) + b_z)).tanh() + 0.5f;
            hn = stretch(from_state, 2 * size + u, 0, together) + layer.bias_hh[2 * size + u];
            n = (n + layer.bias_ih[2 * size + u] + r * hn).tanh();
            if (step > 0)
                h = n + z * (stretch(y, u, at + back, together) - n);
            else
                h = n - z * n;
        }
    }
}

void forward_bands(const FloatBandGru& layer, int bands, const BandMatrix& x, BandGruTape& tape, BandMatrix& y) {
    const Eigen::Index together = x.cols() / bands, size = layer.hidden_size();
    order_by_band(x, bands, tape.x);
    forward_bands(layer.forward, together, Order::forward, tape.x, tape.forward);
    forward_bands(layer.backward, together, Order::backward, tape.x, tape.backward);
    y.resize(2 * size, x.cols());
    order_by_column(tape.forward.output, bands, tape.ordered);
    y.topRows(size) = tape.ordered;
    order_by_column(tape.backward.output, bands, tape.ordered);
    y.bottomRows(size) = tape.ordered;
}

}  // namespace gruve
