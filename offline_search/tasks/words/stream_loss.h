// The loss of training on streams.
#pragma once

#include <vector>

#include "offline_search/network/float_network.h"

namespace gruve {

struct StreamLossConfig {
    float smoothing = 0.01f;    // label smoothing of "other"; small, because detection thresholds are close to 1
    float alarm_weight = 5.0f;  // additional weight of steps without a word at which the network hears one
    float word_steps = 45.0f;   // weight of a word: as much as this many steps without a word
};

/// logits: labels × (steps · sequences), laid out as in backprop.h. labels: for every sequence and step; any_label has
/// no loss.
///
/// A step without a word ("other") has the cross entropy of "other", times 1 + alarm_weight · probability of a word
/// (constant in the gradient). A word, which is a run of steps with its label, has −log of the largest mean of its
/// probability over 7 steps that end within the run: the quantity that a detector compares with its threshold.
///
/// Returns the mean over the steps, summed over the sequences. Sets `gradient` to weight · dLoss/dlogits.
double stream_loss(const Matrix& logits, const std::vector<std::vector<int>>& labels, const StreamLossConfig&,
                   float weight, Matrix& gradient);

}  // namespace gruve
