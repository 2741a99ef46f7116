// The loss of one network against another that heard the same clips, with its uncertainty.
#pragma once

#include <optional>

#include "offline_search/tasks/task.h"

namespace gruve {

/// In the unit of Score::error.
struct PairedLoss {
    double mean = 0;       // error of the one network less the error of the other
    double upper = 0;      // one-sided 95 % upper confidence bound of the mean over other units of this kind
    double deviation = 0;  // of a unit's share in the mean: the mean's standard error × √units
    int units = 0;
};

/// The loss of `score` against `other`, part by part. Parts of one unit (a speaker's clips, altered copies of a clip)
/// are correlated, so variance is clustered by unit: the sandwich variance of a mean, and a t distribution with units
/// − 1 degrees of freedom. A share of the error that isn't a mean of parts moves both mean and bound. With fewer than
/// two units the bound is the mean. Throws std::invalid_argument where the two scores have different parts.
PairedLoss paired_loss(const Score& score, const Score& other);

/// The one-sided bound at a confidence of 0.5 … 1; the mean with fewer than two units.
double upper_bound(const PairedLoss&, double confidence);

/// How many units it would take until the bound is at most `allowed`, if mean and deviation stay what they are: at
/// least 2. Nothing where no number would do, as the mean itself is not below `allowed`.
std::optional<int> units_needed(const PairedLoss&, double allowed, double confidence = 0.95);

/// The loss in the metric's own unit (Score::value), with its two-sided 95 % interval over other units of this kind.
struct MetricLoss {
    double mean = 0, low = 0, high = 0;
    int units = 0;  // fewer than two: low and high are the mean
};
MetricLoss metric_loss(const Score& score, const Score& other);

/// Appends a round of draws to the rounds so far: parts follow each other, value and error are those of all rounds.
/// rounds: how many `all` holds already.
void add_round(Score& all, int rounds, const Score& round);

/// Of two scores of several rounds (add_round()): the variance that the mean of a unit owes to the draws, divided by
/// the variance between units. Both are of the paired loss. Infinite with one round, or where units differ by no more
/// than the draws explain; 0 where nothing varies. Throws std::invalid_argument where the rounds have different units.
double draws_to_units(const Score& score, const Score& other, int rounds);

}  // namespace gruve
