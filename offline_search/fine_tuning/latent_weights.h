// The parameters that fine-tuning trains: a real number behind every level and a log-scale behind every multiplier.
#pragma once

#include <vector>

#include "offline_search/quantisation/genome.h"
#include "offline_search/quantisation/quantiser.h"

namespace gruve {

class LatentWeights {
public:
    /// Starts from the levels and scales of `start`, and from the real numbers and biases of its network. GPTQ may have
    /// chosen a level to which rounding would not send a weight; such a weight starts just inside the cell of its
    /// level. The mean errors of `start` are added to the biases.
    LatentWeights(const TunedWeights& start, const Genome& genome);

    /// Stores level · scale of every weight, and the biases, in `network`.
    void place(FloatNetwork& network) const;
    /// Turns the gradients of the placed weights into those of the latent weights (in place) and of the log-scales.
    void pull_back(FloatNetwork& gradient, FloatNetwork& log_scale_gradient) const;

    /// Weights and biases.
    FloatNetwork& latent() { return latent_; }
    /// One dense layer without bias per layer: its weights are rows × matrices, or 1 × matrices without row
    /// multipliers.
    FloatNetwork& log_scales() { return log_scales_; }
    TunedWeights result() const;

private:
    /// Where one quantised matrix lies in the weights of its layer.
    struct Part {
        Eigen::Index row = 0, rows = 0;
        bool recurrent = false;
        int width = 8;
    };
    /// One weight: its layer, part and matrix, its row and column in the layer's weights, and its row in the
    /// log-scales.
    struct Place {
        std::size_t layer;
        const Part& part;
        Eigen::Index matrix, row, col, scale_row;
    };
    template <typename Visit>
    void each_weight(const Visit& visit) const;
    void add_matrix(std::size_t layer, std::size_t index, const QuantisedMatrix&, FloatDense& log_scales);
    /// exp of the log-scales of one layer.
    Matrix scales(std::size_t layer) const;

    FloatNetwork latent_, log_scales_;
    std::vector<std::vector<Part>> parts_;  // per layer, per matrix
    bool row_multipliers_;
};

}  // namespace gruve
