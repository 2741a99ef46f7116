// Which mixtures tell early that a denoiser is worse than others, and how far they mislead.
#pragma once

#include <span>
#include <vector>

#include "offline_search/tasks/task.h"

namespace gruve {

class RacePlan {
public:
    /// whole: scores of networks like those that will race, at least one, in an order from better to worse or back.
    /// Every other one chooses the order of the mixtures, and the rest measure how far the first ones of it mislead.
    /// tolerance: of the metric.
    RacePlan(const std::vector<Score>& whole, double tolerance);

    /// Of all mixtures.
    std::span<const int> order() const { return order_; }

    /// A lower bound of a network's error, by its errors on the first mixtures of order(). It is statistical: the error
    /// lies below it with a probability of 1 in 10,000 if deviations of a part from the whole are normally distributed
    /// and grow with the loss. (No bound without statistics is of use: any mixture could be enhanced perfectly.) Minus
    /// infinity if the plan has been made from too few networks.
    double bound(std::span<const double> errors) const;

private:
    double tolerance_;
    std::vector<double> reference_;  // errors of the best network, by mixture
    double reference_error_ = 0;
    std::vector<int> order_;
    std::vector<double> misleading_;  // of the first n mixtures: the largest deviation that counts as possible, divided
                                      // by the loss + tolerance
};

}  // namespace gruve
