// The Adam optimiser (Kingma and Ba, arXiv 1412.6980) with a cosine schedule and gradient clipping.
#pragma once

#include <span>
#include <vector>

#include "offline_search/network/float_network.h"

namespace gruve {

struct AdamOptions {
    float learning_rate = 2e-3f;  // after the warm-up
    int steps = 1000;             // all optimiser steps; the rate falls to zero along half a cosine
    int warm_up = 50;             // steps of linear growth at the beginning
    float clip = 1.0f;            // largest norm of the whole gradient; 0: no clipping
    float weight_decay = 0.0f;    // decoupled (AdamW); weights only, no biases
    float beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f;
};

class Adam {
public:
    Adam(const FloatNetwork& shapes, const AdamOptions& options);
    /// One optimiser step. Clips `gradient` in place. Changes nothing and returns false if the gradient contains NaN or
    /// infinity.
    bool step(FloatNetwork& network, FloatNetwork& gradient);
    float learning_rate() const;

    /// The state of the optimiser, to save a training and resume it.
    std::vector<std::span<float>> moments();
    int steps_done() const { return step_; }
    void set_steps_done(int steps) { step_ = steps; }

private:
    AdamOptions options_;
    FloatNetwork first_, second_;  // first and second moments
    int step_ = 0;
};

}  // namespace gruve
