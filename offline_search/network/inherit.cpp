#include "offline_search/network/inherit.h"

#include <algorithm>
#include <numeric>

#include "offline_search/network/inherit_bands.h"

namespace gruve {
namespace {

using Units = std::vector<Eigen::Index>;  // indices of units of `from`, in the order of `to`

Units first(Eigen::Index count) {
    Units units(static_cast<std::size_t>(count));
    std::iota(units.begin(), units.end(), 0);
    return units;
}

const Matrix& input_weights(const FloatLayer& layer) {
    const auto* dense = std::get_if<FloatDense>(&layer);
    return dense ? dense->weight : std::get<FloatGru>(layer).weight_ih;
}

Eigen::Index outputs_of(const FloatLayer& layer) {
    const auto* dense = std::get_if<FloatDense>(&layer);
    return dense ? dense->weight.rows() : std::get<FloatGru>(layer).weight_hh.cols();
}

/// The `count` units of a layer with the largest sum of squared weights in the next layer and in the GRU's own gates.
Units most_read(const FloatLayer& layer, const FloatLayer& next, Eigen::Index count) {
    Vector weight = input_weights(next).colwise().squaredNorm().transpose();
    if (const auto* gru = std::get_if<FloatGru>(&layer)) weight += gru->weight_hh.colwise().squaredNorm().transpose();
    Units units = first(weight.size());
    std::ranges::stable_sort(units, [&](auto a, auto b) { return weight[a] > weight[b]; });
    units.resize(static_cast<std::size_t>(std::min(count, weight.size())));
    std::ranges::sort(units);
    return units;
}

/// Copies the chosen rows and columns of every gate; the other values of those rows become zero.
void copy_units(const Matrix& from, int gates, const Units& rows, const Units& cols, Matrix& to) {
    for (int g = 0; g < gates; ++g)
        for (std::size_t r = 0; r < rows.size(); ++r) {
            auto row = to.row(g * (to.rows() / gates) + static_cast<Eigen::Index>(r));
            row.setZero();
            for (std::size_t c = 0; c < cols.size(); ++c)
                row[static_cast<Eigen::Index>(c)] = from(g * (from.rows() / gates) + rows[r], cols[c]);
        }
}

void copy_units(const Vector& from, int gates, const Units& rows, Vector& to) {
    for (int g = 0; g < gates; ++g)
        for (std::size_t r = 0; r < rows.size(); ++r)
            to[g * (to.size() / gates) + static_cast<Eigen::Index>(r)] = from[g * (from.size() / gates) + rows[r]];
}

}  // namespace

bool inherit(const FloatNetwork& from, FloatNetwork& to) {
    if (from.bands > 1 || to.bands > 1) return inherit_bands(from, to);
    const std::size_t count = to.layers.size();
    if (!std::ranges::equal(from.layers, to.layers, {}, &FloatLayer::index, &FloatLayer::index)) return false;
    Units inputs = first(std::min(input_weights(from.layers.front()).cols(), input_weights(to.layers.front()).cols()));
    for (std::size_t k = 0; k < count; ++k) {
        const auto wanted = outputs_of(to.layers[k]);
        const Units outputs = k + 1 < count ? most_read(from.layers[k], from.layers[k + 1], wanted)
                                            : first(std::min(wanted, outputs_of(from.layers[k])));
        if (const auto* dense = std::get_if<FloatDense>(&from.layers[k])) {
            auto& target = std::get<FloatDense>(to.layers[k]);
            copy_units(dense->weight, 1, outputs, inputs, target.weight);
            copy_units(dense->bias, 1, outputs, target.bias);
        } else {
            const auto& gru = std::get<FloatGru>(from.layers[k]);
            auto& target = std::get<FloatGru>(to.layers[k]);
            copy_units(gru.weight_ih, 3, outputs, inputs, target.weight_ih);
            copy_units(gru.weight_hh, 3, outputs, outputs, target.weight_hh);
            copy_units(gru.bias_ih, 3, outputs, target.bias_ih);
            copy_units(gru.bias_hh, 3, outputs, target.bias_hh);
        }
        inputs = outputs;
    }
    return true;
}

}  // namespace gruve
