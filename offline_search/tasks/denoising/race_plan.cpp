#include "offline_search/tasks/denoising/race_plan.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

namespace gruve {
namespace {

constexpr double confidence = 0.9999;
/// A network that loses more tolerances than this tells nothing about those near a front.
constexpr double telling_tolerances = 20;
constexpr std::size_t least_networks = 8;

/// A network's losses against the reference.
struct Losses {
    std::vector<double> of_mixture;
    double whole = 0;
};

/// The deviation of a part's mean loss from the whole one, relative to what is at stake.
double deviation(double part, double whole, double tolerance) {
    return (part - whole) / (std::max(whole, 0.0) + tolerance);
}

/// Adds the mixture after which the means so far agree best with the whole ones, again and again.
std::vector<int> telling_first(const std::vector<Losses>& networks, std::size_t mixtures, double tolerance) {
    std::vector<int> order, left(mixtures);
    for (std::size_t i = 0; i < mixtures; ++i) left[i] = static_cast<int>(i);
    std::vector<double> sums(networks.size());
    while (!left.empty()) {
        const auto squares = [&](int candidate) {
            double sum = 0;
            for (std::size_t k = 0; k < networks.size(); ++k) {
                const double part = (sums[k] + networks[k].of_mixture[static_cast<std::size_t>(candidate)]) /
                                    static_cast<double>(order.size() + 1);
                sum += std::pow(deviation(part, networks[k].whole, tolerance), 2);
            }
            return sum;
        };
        const auto best = std::ranges::min_element(left, {}, squares);
        for (std::size_t k = 0; k < networks.size(); ++k)
            sums[k] += networks[k].of_mixture[static_cast<std::size_t>(*best)];
        order.push_back(*best);
        left.erase(best);
    }
    return order;
}

/// The root mean square deviation of the first 0, 1, 2 … mixtures of the order. (Of none, the entry is 0.)
std::vector<double> deviations(const std::vector<Losses>& networks, const std::vector<int>& order, double tolerance) {
    std::vector<double> found(order.size() + 1);
    for (const Losses& network : networks) {
        double sum = 0;
        for (std::size_t n = 1; n <= order.size(); ++n) {
            sum += network.of_mixture[static_cast<std::size_t>(order[n - 1])];
            found[n] += std::pow(deviation(sum / static_cast<double>(n), network.whole, tolerance), 2) /
                        static_cast<double>(networks.size());
        }
    }
    for (double& value : found) value = std::sqrt(value);
    return found;
}

}  // namespace

RacePlan::RacePlan(const std::vector<Score>& whole, double tolerance) : tolerance_(tolerance) {
    const Score& best = *std::ranges::min_element(whole, {}, &Score::error);
    for (const Score::Part& part : best.parts) reference_.push_back(part.error);
    reference_error_ = best.error;
    std::vector<Losses> halves[2];
    int next = 0;
    for (const Score& score : whole) {
        if (score.error > best.error + telling_tolerances * tolerance) continue;
        Losses& losses = halves[next++ % 2].emplace_back();
        losses.whole = score.error - best.error;
        for (std::size_t i = 0; i < reference_.size(); ++i)
            losses.of_mixture.push_back(score.parts.at(i).error - reference_[i]);
    }
    order_ = telling_first(halves[0], reference_.size(), tolerance);
    const auto& measuring = halves[1];
    if (measuring.size() < least_networks) return;
    misleading_ = deviations(measuring, order_, tolerance);
    const boost::math::students_t law(static_cast<double>(measuring.size()));
    for (double& value : misleading_) value *= boost::math::quantile(law, confidence);
}

double RacePlan::bound(std::span<const double> errors) const {
    if (misleading_.empty() || errors.empty()) return -std::numeric_limits<double>::infinity();
    double part = 0;
    for (std::size_t k = 0; k < errors.size(); ++k)
        part += (errors[k] - reference_[static_cast<std::size_t>(order_[k])]) / static_cast<double>(errors.size());
    // The least whole loss with part − whole ≤ m · (max(whole, 0) + tolerance).
    const double m = misleading_[errors.size()], least = part - m * tolerance_;
    return reference_error_ + (least > 0 ? least / (1 + m) : least);
}

}  // namespace gruve
