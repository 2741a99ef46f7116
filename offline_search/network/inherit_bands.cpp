// Networks of bands that inherit the weights of one with fewer channels or fewer blocks.
#include "offline_search/network/inherit_bands.h"

#include <algorithm>
#include <iterator>

namespace gruve {
namespace {

/// The top left corner of `to` becomes `from`, the rest of these rows zero. Rows below stay as they are.
void copy_corner(const Matrix& from, Matrix& to) {
    to.topRows(from.rows()).setZero();
    to.topLeftCorner(from.rows(), from.cols()) = from;
}

void copy_gates(const FloatGru& from, FloatGru& to) {
    const Eigen::Index units = from.hidden_size(), of = to.hidden_size();
    for (Eigen::Index gate = 0; gate < 3; ++gate) {
        const auto copy = [&](const Matrix& weights, Matrix& target) {
            target.middleRows(gate * of, units).setZero();
            target.block(gate * of, 0, units, weights.cols()) = weights.middleRows(gate * units, units);
        };
        copy(from.weight_ih, to.weight_ih);
        copy(from.weight_hh, to.weight_hh);
        to.bias_ih.segment(gate * of, units) = from.bias_ih.segment(gate * units, units);
        to.bias_hh.segment(gate * of, units) = from.bias_hh.segment(gate * units, units);
    }
}

/// halves: the inputs are those of the two directions of a GRU over bands, side by side.
void copy_dense(const FloatDense& from, bool halves, FloatDense& to) {
    if (halves) {
        const Eigen::Index rows = from.weight.rows(), half = from.weight.cols() / 2, of = to.weight.cols() / 2;
        to.weight.topRows(rows).setZero();
        to.weight.block(0, 0, rows, half) = from.weight.leftCols(half);
        to.weight.block(0, of, rows, half) = from.weight.rightCols(half);
    } else {
        copy_corner(from.weight, to.weight);
    }
    to.bias.head(from.bias.size()) = from.bias;
    if (from.by_band.size() > 0) copy_corner(from.by_band, to.by_band);
}

void copy_layer(const FloatLayer& from, bool after_band_gru, FloatLayer& to) {
    if (const auto* dense = std::get_if<FloatDense>(&from)) {
        copy_dense(*dense, after_band_gru, std::get<FloatDense>(to));
    } else if (const auto* gru = std::get_if<FloatGru>(&from)) {
        copy_gates(*gru, std::get<FloatGru>(to));
    } else {
        copy_gates(std::get<FloatBandGru>(from).forward, std::get<FloatBandGru>(to).forward);
        copy_gates(std::get<FloatBandGru>(from).backward, std::get<FloatBandGru>(to).backward);
    }
}

bool fits(const FloatLayer& from, const FloatLayer& to) {
    if (from.index() != to.index() || input_size(from) > input_size(to) || output_size(from) > output_size(to))
        return false;
    const auto *dense = std::get_if<FloatDense>(&from), *target = std::get_if<FloatDense>(&to);
    return !dense || (dense->adds == target->adds && dense->activation == target->activation &&
                      (dense->by_band.size() == 0) == (target->by_band.size() == 0));
}

}  // namespace

bool inherit_bands(const FloatNetwork& from, FloatNetwork& to) {
    if (from.bands != to.bands || from.layers.empty() || from.layers.size() > to.layers.size()) return false;
    const auto shared = std::ssize(from.layers) - 1;  // the last layer stays the last
    for (std::ptrdiff_t k = 0; k < shared; ++k)
        if (!fits(from.layers[static_cast<std::size_t>(k)], to.layers[static_cast<std::size_t>(k)])) return false;
    if (!fits(from.layers.back(), to.layers.back())) return false;
    for (auto layer = to.layers.begin() + shared; layer != std::prev(to.layers.end()); ++layer)
        if (const auto* dense = std::get_if<FloatDense>(&*layer); dense && !dense->adds) return false;

    for (std::size_t k = 0; k < static_cast<std::size_t>(shared); ++k)
        copy_layer(from.layers[k], k > 0 && std::holds_alternative<FloatBandGru>(from.layers[k - 1]), to.layers[k]);
    copy_layer(from.layers.back(), false, to.layers.back());
    for (auto layer = to.layers.begin() + shared; layer != std::prev(to.layers.end()); ++layer)
        if (auto* dense = std::get_if<FloatDense>(&*layer)) dense->weight.setZero(), dense->bias.setZero();
    return true;
}

}  // namespace gruve
