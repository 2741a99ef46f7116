// Weights in training: a real number behind every level, a log-scale behind every multiplier.
#pragma once

#include "offline_search/quantisation/genome.h"
#include "offline_search/quantisation/quantiser.h"

namespace gruve {

class LatentWeights {
public:
    /// Starts at the levels and scales of `start`: a float weight that rounding alone would send to another level (GPTQ may have
    /// chosen it) begins just inside the cell of its level.
    LatentWeights(const FloatNetwork& network, const TunedWeights& start, const Genome& genome);

    /// Puts level · scale of every weight into `network`, and the biases.
    void place(FloatNetwork& network) const;
    /// Gradients of the placed weights → gradients of latent weights (in place) and of the log-scales.
    void pull_back(FloatNetwork& gradient, FloatNetwork& log_scale_gradient) const;

    FloatNetwork& latent() { return latent_; }          // weights and biases
    FloatNetwork& log_scales() { return log_scales_; }  // one dense layer a layer: rows (or 1) × matrices, no bias
    TunedWeights result() const;

private:
    struct Part {
        Eigen::Index row = 0, rows = 0;
        bool recurrent = false;
        int width = 8;
    };
    template <typename Visit>
    void each_weight(const Visit& visit) const;

    FloatNetwork latent_, log_scales_;
    std::vector<std::vector<Part>> parts_;  // per layer, per matrix
    bool row_multipliers_;
};

}  // namespace gruve
