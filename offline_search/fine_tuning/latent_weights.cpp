#include "offline_search/fine_tuning/latent_weights.h"

#include <algorithm>
#include <cmath>

#include "offline_search/quantisation/genome.h"

namespace gruve {
namespace {

/// How far from its level a latent weight may start, as a share of half a cell.
constexpr double start_within = 0.9;

/// Distance between neighbouring levels.
double cell(int width) { return width == binary_width || width == 2 || width == 3 ? 2.0 : 1.0; }

Matrix& weights_of(FloatLayer& layer, bool recurrent) {
    if (auto* dense = std::get_if<FloatDense>(&layer)) return dense->weight;
    auto& gru = std::get<FloatGru>(layer);
    return recurrent ? gru.weight_hh : gru.weight_ih;
}
const Matrix& weights_of(const FloatLayer& layer, bool recurrent) {
    return weights_of(const_cast<FloatLayer&>(layer), recurrent);
}

Vector& bias_of(FloatLayer& layer, bool recurrent) {
    if (auto* dense = std::get_if<FloatDense>(&layer)) return dense->bias;
    auto& gru = std::get<FloatGru>(layer);
    return recurrent ? gru.bias_hh : gru.bias_ih;
}

Matrix& log_scales_of(FloatNetwork& log_scales, std::size_t layer) {
    return std::get<FloatDense>(log_scales.layers[layer]).weight;
}

}  // namespace

LatentWeights::LatentWeights(const TunedWeights& start, const Genome& genome)
    : latent_(start.biases), row_multipliers_(genome.row_multipliers) {
    for (std::size_t k = 0; k < latent_.layers.size(); ++k) {
        const auto& matrices = start.matrices[k];
        parts_.emplace_back();
        FloatDense log_scales;
        log_scales.weight.resize(row_multipliers_ ? matrices[0].rows : 1, static_cast<Eigen::Index>(matrices.size()));
        for (std::size_t m = 0; m < matrices.size(); ++m) add_matrix(k, m, matrices[m], log_scales);
        log_scales_.layers.emplace_back(log_scales);
    }
}

void LatentWeights::add_matrix(std::size_t layer, std::size_t index, const QuantisedMatrix& q, FloatDense& log_scales) {
    const bool gru = std::holds_alternative<FloatGru>(latent_.layers[layer]);
    const Part part{gru ? static_cast<Eigen::Index>(index % 3) * q.rows : 0, q.rows, index >= 3, q.width};
    parts_[layer].push_back(part);
    Matrix& w = weights_of(latent_.layers[layer], part.recurrent);
    Vector& bias = bias_of(latent_.layers[layer], part.recurrent);
    const double room = start_within * cell(q.width) / 2;
    for (int row = 0; row < q.rows; ++row) {
        const double scale = q.scale[static_cast<std::size_t>(row)];
        if (row < log_scales.weight.rows())
            log_scales.weight(row, static_cast<Eigen::Index>(index)) = static_cast<float>(std::log(scale));
        for (int col = 0; col < q.cols; ++col) {
            float& value = w(part.row + row, col);
            const double level = q.levels[static_cast<std::size_t>(row) * static_cast<std::size_t>(q.cols) +
                                          static_cast<std::size_t>(col)];
            value = static_cast<float>(scale *
                                       (level + std::clamp(static_cast<double>(value) / scale - level, -room, room)));
        }
        // As without fine-tuning, the bias absorbs the mean error of rounding.
        bias(part.row + row) += static_cast<float>(q.mean_error[static_cast<std::size_t>(row)]);
    }
}

template <typename Visit>
void LatentWeights::each_weight(const Visit& visit) const {
    for (std::size_t k = 0; k < parts_.size(); ++k)
        for (std::size_t m = 0; m < parts_[k].size(); ++m) {
            const Part& part = parts_[k][m];
            const Eigen::Index cols = weights_of(latent_.layers[k], part.recurrent).cols();
            for (Eigen::Index col = 0; col < cols; ++col)
                for (Eigen::Index row = 0; row < part.rows; ++row)
                    visit(
                        Place{k, part, static_cast<Eigen::Index>(m), part.row + row, col, row_multipliers_ ? row : 0});
        }
}

Matrix LatentWeights::scales(std::size_t layer) const {
    return std::get<FloatDense>(log_scales_.layers[layer]).weight.array().exp();
}

void LatentWeights::place(FloatNetwork& network) const {
    network.layers = latent_.layers;
    std::vector<Matrix> scales_of;
    for (std::size_t k = 0; k < log_scales_.layers.size(); ++k) scales_of.push_back(scales(k));
    each_weight([&](const Place& at) {
        float& value = weights_of(network.layers[at.layer], at.part.recurrent)(at.row, at.col);
        const float scale = scales_of[at.layer](at.scale_row, at.matrix);
        value = scale * static_cast<float>(nearest_level(static_cast<double>(value / scale), at.part.width));
    });
}

// w' = s·q(w/s):  dw = dw' inside the range of the levels, 0 where clipped
//                 ds = dw' · (q − w/s) inside, dw' · q where clipped; the gradient of log s is s · ds
void LatentWeights::pull_back(FloatNetwork& gradient, FloatNetwork& log_scale_gradient) const {
    std::vector<Matrix> scales_of;
    for (std::size_t k = 0; k < log_scales_.layers.size(); ++k) {
        scales_of.push_back(scales(k));
        log_scales_of(log_scale_gradient, k).setZero();
    }
    each_weight([&](const Place& at) {
        float& slope = weights_of(gradient.layers[at.layer], at.part.recurrent)(at.row, at.col);
        const float weight = weights_of(latent_.layers[at.layer], at.part.recurrent)(at.row, at.col);
        const float scale = scales_of[at.layer](at.scale_row, at.matrix);
        const int width = at.part.width;
        const double value = static_cast<double>(weight / scale);
        const double level = nearest_level(value, width);
        const bool clipped = std::abs(value) > largest_level(width) + cell(width) / 2;
        log_scales_of(log_scale_gradient, at.layer)(at.scale_row, at.matrix) +=
            slope * scale * static_cast<float>(clipped ? level : level - value);
        if (clipped) slope = 0;
    });
}

TunedWeights LatentWeights::result() const {
    TunedWeights tuned{{}, latent_};
    for (std::size_t k = 0; k < parts_.size(); ++k) {
        std::vector<QuantisedMatrix> matrices;
        const Matrix scales_of_layer = scales(k);
        for (std::size_t m = 0; m < parts_[k].size(); ++m) {
            const Part& part = parts_[k][m];
            const Matrix& w = weights_of(latent_.layers[k], part.recurrent);
            QuantisedMatrix q;
            q.rows = static_cast<int>(part.rows);
            q.cols = static_cast<int>(w.cols());
            q.width = part.width;
            for (Eigen::Index row = 0; row < part.rows; ++row) {
                const float scale = scales_of_layer(row_multipliers_ ? row : 0, static_cast<Eigen::Index>(m));
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
