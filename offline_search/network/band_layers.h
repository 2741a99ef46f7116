// Forward passes of the layers of a network of bands (FloatNetwork::bands, float_network.h).
//
// A batch of them is one matrix, channels × (columns · bands), row by row in memory: column c · bands + b is band b of
// the batch's column c. So a step of all bands is a stretch of neighbours.
#pragma once

#include "offline_search/network/float_layers.h"

namespace gruve {

using BandMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// From a front end's order, (channels · bands) × columns, and back.
BandMatrix spread_bands(const Matrix& values, int bands);
Matrix gather_bands(const BandMatrix& values, int bands);

/// Columns in the order b · columns + c, so that a step over the bands is a stretch of neighbours, and back.
void order_by_band(const BandMatrix& from, int bands, BandMatrix& to);
void order_by_column(const BandMatrix& from, int bands, BandMatrix& to);

/// activation(W x + bias + by_band).
void forward_bands(const FloatDense&, int bands, const BandMatrix& x, BandMatrix& y);

enum class Order { forward, backward };
/// What the gradients of a GRU need. gates: r, z, n stacked; product: W_hn h + b_hn.
struct GruTape {
    BandMatrix gates, product, output;
};
/// A GRU over stretches of `together` columns, from a zero state: x (inputs × columns) → tape.output (units × columns).
void forward_bands(const FloatGru&, Eigen::Index together, Order, const BandMatrix& x, GruTape& tape);

/// The input and both directions in the order of the bands.
struct BandGruTape {
    BandMatrix x, ordered;  // ordered: scratch
    GruTape forward, backward;
};
/// x → y (both directions' units × columns).
void forward_bands(const FloatBandGru&, int bands, const BandMatrix& x, BandGruTape& tape, BandMatrix& y);

/// `count` values of a row, from column `at` on.
inline Eigen::Map<Eigen::ArrayXf> stretch(BandMatrix& m, Eigen::Index row, Eigen::Index at, Eigen::Index count) {
    return {m.data() + row * m.cols() + at, count};
}
inline Eigen::Map<const Eigen::ArrayXf> stretch(const BandMatrix& m, Eigen::Index row, Eigen::Index at,
                                                Eigen::Index count) {
    return {m.data() + row * m.cols() + at, count};
}

}  // namespace gruve
