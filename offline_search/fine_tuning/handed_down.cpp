#include "offline_search/fine_tuning/handed_down.h"

#include <stdexcept>

#include "offline_search/quantisation/statistics.h"

namespace gruve {
namespace {

/// The matrices of one layer: where their widths stand in a genome, their real numbers, and what they read.
class LayerMatrices {
public:
    LayerMatrices(const FloatLayer& layer, const std::variant<DenseStatistics, GruStatistics, BandGruStatistics>& of)
        : layer_(layer) {
        if (const auto* gru = std::get_if<GruStatistics>(&of))
            read_ = {ErrorFeedback(gru->input), ErrorFeedback(gru->state)};
        else
            read_.emplace_back(std::get<DenseStatistics>(of).input);
    }
    int width(const Genome::Layer& widths, std::size_t matrix) const {
        return std::holds_alternative<FloatGru>(layer_) ? widths.gru[matrix] : widths.dense.weights;
    }
    Eigen::MatrixXd weights(std::size_t matrix) const {
        if (const auto* dense = std::get_if<FloatDense>(&layer_)) return dense->weight.cast<double>();
        const auto& gru = std::get<FloatGru>(layer_);
        const Eigen::Index units = gru.hidden_size();
        return (recurrent(matrix) ? gru.weight_hh : gru.weight_ih)
            .middleRows(static_cast<Eigen::Index>(matrix % 3) * units, units)
            .cast<double>();
    }
    const ErrorFeedback& input(std::size_t matrix) const { return read_[recurrent(matrix) ? 1 : 0]; }

private:
    static bool recurrent(std::size_t matrix) { return matrix >= 3; }  // ir, iz, in, hr, hz, hn

    const FloatLayer& layer_;
    std::vector<ErrorFeedback> read_;
};

}  // namespace

TunedWeights handed_down(const Genome& genome, const Genome& parent, const TunedWeights& of_parent,
                         const std::vector<Matrix>& calibration, const Strategy& strategy) {
    const FloatNetwork& network = of_parent.biases;
    require_chain(network);
    if (genome.network != parent.network)
        throw std::invalid_argument("genome: of float network " + std::to_string(genome.network) +
                                    ", its parent is of " + std::to_string(parent.network));
    const Statistics statistics = calibrate(network, calibration);
    TunedWeights result{{}, network};
    for (std::size_t k = 0; k < network.layers.size(); ++k) {
        const LayerMatrices matrices(network.layers[k], statistics.layers[k]);
        auto& of_layer = result.matrices.emplace_back();
        for (std::size_t m = 0; m < of_parent.matrices[k].size(); ++m) {
            const int width = matrices.width(genome.layers[k], m);
            const bool same =
                width == matrices.width(parent.layers[k], m) && genome.row_multipliers == parent.row_multipliers;
            of_layer.push_back(
                same ? of_parent.matrices[k][m]
                     : strategy.weights(matrices.weights(m), matrices.input(m), width, genome.row_multipliers));
        }
    }
    return result;
}

}  // namespace gruve
