// What training on streams makes small.
#pragma once

#include <vector>

#include "offline_search/network/float_network.h"

namespace gruve {

struct StreamLossConfig {
    float smoothing = 0.01f;    // of the label "other"; little: thresholds lie near 1
    float alarm_weight = 5.0f;  // how much more a step counts on which a word is heard where there is none
    float word_steps = 45.0f;   // steps without a word that one word counts as much as
};

/// logits: labels × (steps · sequences), laid out as in backprop.h; labels: per sequence and step, any_label where anything is right. Where
/// no word is, the cross entropy of "other", times 1 + alarm_weight · probability of a word (a constant in the gradient). For each word (a run
/// of steps with its label) −log of the largest mean that its probability has over 7 steps ending in that run: what a detector looks
/// at. Returns the mean over the steps, summed over the sequences; `gradient` becomes dLoss/dlogits · weight.
double stream_loss(const Matrix& logits, const std::vector<std::vector<int>>& labels, const StreamLossConfig&,
                   float weight, Matrix& gradient);

}  // namespace gruve
