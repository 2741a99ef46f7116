#include "offline_search/fine_tuning/latent_weights.h"

#include <algorithm>
#include <cmath>

#include "offline_search/quantisation/genome.h"

namespace gruve {
namespace {

/// Share of half a cell that a latent weight may start away from its level.
constexpr double start_within = 0.9;

double cell(int width) { return width == binary_width || width == 2 || width == 3 ? 2.0 : 1.0; }

Matrix& weights_of(FloatLayer& layer, bool recurrent) {
    if (auto* dense = std::get_if<FloatDense>(&layer)) return dense->weight;
    auto& gru = std::get<FloatGru>(layer);
    return recurrent ? gru.weight_hh : gru.weight_ih;
}
const Matrix& weights_of(const FloatLayer& layer, bool recurrent) {
    return weights_of(const_cast<FloatLayer&>(layer), recurrent);
}

}  // namespace

LatentWeights::LatentWeights(const FloatNetwork& network, const TunedWeights& start, const Genome& genome)
    : latent_(network), row_multipliers_(genome.row_multipliers) {
    for (std::size_t k = 0; k < network.layers.size(); ++k) {
        std::vector<Part> parts;
        FloatDense scales;
        const auto& matrices = start.matrices[k];
        const bool gru = std::holds_alternative<FloatGru>(network.layers[k]);
        scales.weight.resize(row_multipliers_ ? matrices[0].rows : 1, static_cast<Eigen::Index>(matrices.size()));
        for (std::size_t m = 0; m < matrices.size(); ++m) {
            const QuantisedMatrix& q = matrices[m];
            const Part part{gru ? static_cast<Eigen::Index>(m % 3) * q.rows : 0, q.rows, m >= 3, q.width};
            Matrix& w = weights_of(latent_.layers[k], part.recurrent);
            const double room = start_within * cell(q.width) / 2;
            for (int row = 0; row < q.rows; ++row) {
                const double scale = q.scale[static_cast<std::size_t>(row)];
                if (row < scales.weight.rows())
                    scales.weight(row, static_cast<Eigen::Index>(m)) = static_cast<float>(std::log(scale));
                for (int col = 0; col < q.cols; ++col) {
                    float& value = w(part.row + row, col);
                    const double level = q.levels[static_cast<std::size_t>(row) * static_cast<std::size_t>(q.cols) +
                                                  static_cast<std::size_t>(col)];
                    value = static_cast<float>(
                        scale * (level + std::clamp(static_cast<double>(value) / scale - level, -room, room)));
                }
                // The mean of what rounding changed belongs in the bias, as without tuning.
                const auto error = static_cast<float>(q.mean_error[static_cast<std::size_t>(row)]);
                if (!gru)
                    std::get<FloatDense>(latent_.layers[k]).bias(row) += error;
                else if (part.recurrent)
                    std::get<FloatGru>(latent_.layers[k]).bias_hh(part.row + row) += error;
                else
                    std::get<FloatGru>(latent_.layers[k]).bias_ih(part.row + row) += error;
            }
            parts.push_back(part);
        }
        parts_.push_back(parts);
        log_scales_.layers.emplace_back(scales);
    }
}

/// visit(layer, part, matrix index, row within the part, row within the weights, column, scale index)
template <typename Visit>
void LatentWeights::each_weight(const Visit& visit) const {
    for (std::size_t k = 0; k < parts_.size(); ++k)
        for (std::size_t m = 0; m < parts_[k].size(); ++m) {
            const Part& part = parts_[k][m];
            const Eigen::Index cols = weights_of(latent_.layers[k], part.recurrent).cols();
            for (Eigen::Index col = 0; col < cols; ++col)
                for (Eigen::Index row = 0; row < part.rows; ++row)
                    visit(k, part, static_cast<Eigen::Index>(m), row, part.row + row, col, row_multipliers_ ? row : 0);
        }
}

void LatentWeights::place(FloatNetwork& network) const {
    network.layers = latent_.layers;
    std::vector<Matrix> scales;
    for (const FloatLayer& layer : log_scales_.layers)
        scales.push_back(std::get<FloatDense>(layer).weight.array().exp());
    each_weight([&](std::size_t k, const Part& part, Eigen::Index m, Eigen::Index, Eigen::Index row, Eigen::Index col,
                    Eigen::Index at) {
        float& value = weights_of(network.layers[k], part.recurrent)(row, col);
        const float scale = scales[k](at, m);
        value = scale * static_cast<float>(nearest_level(static_cast<double>(value / scale), part.width));
    });
}

// w' = s·q(w/s):  dw = dw' inside the levels' reach, 0 where clipped;  ds = dw' · (q − w/s), or dw' · q where clipped.
void LatentWeights::pull_back(FloatNetwork& gradient, FloatNetwork& log_scale_gradient) const {
    std::vector<Matrix> scales;
    for (std::size_t k = 0; k < log_scales_.layers.size(); ++k) {
        scales.push_back(std::get<FloatDense>(log_scales_.layers[k]).weight.array().exp());
        std::get<FloatDense>(log_scale_gradient.layers[k]).weight.setZero();
    }
    each_weight([&](std::size_t k, const Part& part, Eigen::Index m, Eigen::Index, Eigen::Index row, Eigen::Index col,
                    Eigen::Index at) {
        float& slope = weights_of(gradient.layers[k], part.recurrent)(row, col);
        const float scale = scales[k](at, m);
        const double value = static_cast<double>(weights_of(latent_.layers[k], part.recurrent)(row, col) / scale);
        const double level = nearest_level(value, part.width);
        const bool clipped = std::abs(value) > largest_level(part.width) + cell(part.width) / 2;
        std::get<FloatDense>(log_scale_gradient.layers[k]).weight(at, m) +=
            slope * scale * static_cast<float>(clipped ? level : level - value);
        if (clipped) slope = 0;
    });
}

TunedWeights LatentWeights::result() const {
    TunedWeights tuned{{}, latent_};
    for (std::size_t k = 0; k < parts_.size(); ++k) {
        std::vector<QuantisedMatrix> matrices;
        const Matrix scales = std::get<FloatDense>(log_scales_.layers[k]).weight.array().exp();
        for (std::size_t m = 0; m < parts_[k].size(); ++m) {
            const Part& part = parts_[k][m];
            const Matrix& w = weights_of(latent_.layers[k], part.recurrent);
            QuantisedMatrix q;
            q.rows = static_cast<int>(part.rows), q.cols = static_cast<int>(w.cols()), q.width = part.width;
            for (Eigen::Index row = 0; row < part.rows; ++row) {
                const float scale = scales(row_multipliers_ ? row : 0, static_cast<Eigen::Index>(m));
                q.scale.push_back(static_cast<double>(scale));
                q.mean_error.push_back(0);
                for (Eigen::Index col = 0; col < w.cols(); ++col)
                    q.levels.push_back(static_cast<std::int8_t>(
                        nearest_level(static_cast<double>(w(part.row + row, col) / scale), part.width)));
            }
            matrices.push_back(std::move(q));
        }
        tuned.matrices.push_back(std::move(matrices));
    }
    return tuned;
}

}  // namespace gruve
