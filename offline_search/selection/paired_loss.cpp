#include "offline_search/selection/paired_loss.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <vector>

namespace gruve {
namespace {

/// The bound of a mean lies so many of its standard errors above it.
double standard_errors(double units, double confidence = 0.95) {
    return boost::math::quantile(boost::math::students_t(units - 1), confidence);
}

void require_same_parts(const Score& score, const Score& other) {
    if (score.parts.size() != other.parts.size())
        throw std::invalid_argument("paired_loss: " + std::to_string(score.parts.size()) + " parts compared with " +
                                    std::to_string(other.parts.size()));
    for (std::size_t i = 0; i < score.parts.size(); ++i)
        if (score.parts[i].unit != other.parts[i].unit)
            throw std::invalid_argument("paired_loss: part " + std::to_string(i) + " belongs to another unit");
}

/// The standard error of a mean of parts, with the parts of a unit taken together.
struct ClusteredError {
    double error = 0;  // 0 with fewer than two units
    int units = 0;
};

/// difference(i): of part i.
template <typename Difference>
ClusteredError clustered_error(const std::vector<Score::Part>& parts, const Difference& difference) {
    const auto n = static_cast<double>(parts.size());
    double mean = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) mean += difference(i) / n;
    std::map<int, double> sums;
    for (std::size_t i = 0; i < parts.size(); ++i) sums[parts[i].unit] += difference(i) - mean;
    ClusteredError found{0, static_cast<int>(sums.size())};
    if (found.units < 2) return found;
    double squares = 0;
    for (const auto& [unit, sum] : sums) squares += sum * sum;
    const auto units = static_cast<double>(found.units);
    found.error = std::sqrt(units / (units - 1) * squares) / n;
    return found;
}

}  // namespace

PairedLoss paired_loss(const Score& score, const Score& other) {
    require_same_parts(score, other);
    PairedLoss loss{score.error - other.error, score.error - other.error};
    const ClusteredError found =
        clustered_error(score.parts, [&](std::size_t i) { return score.parts[i].error - other.parts[i].error; });
    loss.units = found.units;
    if (loss.units < 2) return loss;
    loss.deviation = found.error * std::sqrt(loss.units);
    loss.upper += standard_errors(loss.units) * found.error;
    return loss;
}

double upper_bound(const PairedLoss& loss, double confidence) {
    if (loss.units < 2) return loss.mean;
    return loss.mean + standard_errors(loss.units, confidence) * loss.deviation / std::sqrt(loss.units);
}

std::optional<int> units_needed(const PairedLoss& loss, double allowed, double confidence) {
    constexpr int most = 1'000'000;
    const auto enough = [&](int units) {
        return loss.mean + standard_errors(units, confidence) * loss.deviation / std::sqrt(units) <= allowed;
    };
    if (loss.mean >= allowed || !enough(most)) return std::nullopt;
    int low = 1, high = most;  // the margin falls with every unit
    while (high - low > 1) {
        const int middle = low + (high - low) / 2;
        (enough(middle) ? high : low) = middle;
    }
    return high;
}

MetricLoss metric_loss(const Score& score, const Score& other) {
    require_same_parts(score, other);
    MetricLoss loss;
    loss.mean = loss.low = loss.high = other.value - score.value;
    const ClusteredError found =
        clustered_error(score.parts, [&](std::size_t i) { return other.parts[i].value - score.parts[i].value; });
    loss.units = found.units;
    if (loss.units < 2) return loss;
    const double half = standard_errors(loss.units, 0.975) * found.error;
    loss.low -= half, loss.high += half;
    return loss;
}

void add_round(Score& all, int rounds, const Score& round) {
    const double share = 1.0 / (rounds + 1);
    all.error += (round.error - all.error) * share;
    all.value += (round.value - all.value) * share;
    all.n += round.n;
    all.steps += round.steps;
    all.parts.insert(all.parts.end(), round.parts.begin(), round.parts.end());
}

double draws_to_units(const Score& score, const Score& other, int rounds) {
    require_same_parts(score, other);
    constexpr double infinite = std::numeric_limits<double>::infinity();
    const std::size_t size = score.parts.size() / static_cast<std::size_t>(rounds);
    const auto n = static_cast<double>(size);
    std::map<int, std::vector<double>> shares;  // of each unit in the mean of each round
    for (std::size_t i = 0; i < size * static_cast<std::size_t>(rounds); ++i) {
        if (score.parts[i].unit != score.parts[i % size].unit)
            throw std::invalid_argument("draws_to_units: part " + std::to_string(i) + " belongs to another unit");
        auto& share = shares[score.parts[i].unit];
        share.resize(static_cast<std::size_t>(rounds));
        share[i / size] += (score.parts[i].error - other.parts[i].error) / n;
    }
    double draws = 0;  // the sum over the units of the variance of a unit's mean share
    for (const auto& [unit, share] : shares) {
        double mean = 0, squares = 0;
        for (const double s : share) mean += s / rounds;
        for (const double s : share) squares += (s - mean) * (s - mean);
        draws += squares / std::max(1, rounds - 1) / rounds;
    }
    const double error =
        clustered_error(score.parts, [&](std::size_t i) { return score.parts[i].error - other.parts[i].error; }).error;
    if (error == 0 && draws == 0) return 0;
    const double between = error * error - draws;
    return rounds < 2 || between <= 0 ? infinite : draws / between;
}

}  // namespace gruve
