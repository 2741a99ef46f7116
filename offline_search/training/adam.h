// Adam (Kingma and Ba, arXiv 1412.6980) with a cosine schedule and clipping of the gradient's norm.
#pragma once

#include <span>
#include <vector>

#include "offline_search/network/float_network.h"

namespace gruve {

struct AdamOptions {
    float learning_rate = 2e-3f;  // after the warm-up
    int steps = 1000;             // optimiser steps until the rate has fallen to zero along half a cosine
    int warm_up = 50;             // steps of linear growth before it
    float clip = 1.0f;            // largest norm of the whole gradient; 0: no clipping
    float weight_decay = 0.0f;    // decoupled (AdamW), on weights, not on biases
    float beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f;
};

class Adam {
public:
    Adam(const FloatNetwork& shapes, const AdamOptions& options);
    /// One step; `gradient` is scaled in place where it is clipped. A gradient with NaN or Inf changes nothing and returns false.
    bool step(FloatNetwork& network, FloatNetwork& gradient);
    float learning_rate() const;

    /// For saving a training and continuing it: both moments, and how many steps were made.
    std::vector<std::span<float>> moments();
    int steps_done() const { return step_; }
    void set_steps_done(int steps) { step_ = steps; }

private:
    AdamOptions options_;
    FloatNetwork first_, second_;  // moments
    int step_ = 0;
};

}  // namespace gruve
