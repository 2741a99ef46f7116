#include "offline_search/selection/paired_loss.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <map>
#include <stdexcept>

namespace gruve {

namespace {

/// The bound of a mean lies so many of its standard errors above it.
double standard_errors(double units) {
    constexpr double confidence = 0.95;
    return boost::math::quantile(boost::math::students_t(units - 1), confidence);
}

}  // namespace

PairedLoss paired_loss(const Score& score, const Score& other) {
    const std::size_t count = score.parts.size();
    if (count != other.parts.size())
        throw std::invalid_argument("paired_loss: " + std::to_string(count) + " parts compared with " +
                                    std::to_string(other.parts.size()));
    PairedLoss loss{score.error - other.error, score.error - other.error};
    if (count == 0) return loss;
    const auto n = static_cast<double>(count);
    const auto difference = [&](std::size_t i) { return score.parts[i].error - other.parts[i].error; };
    double mean = 0;
    for (std::size_t i = 0; i < count; ++i) mean += difference(i) / n;
    std::map<int, double> units;
    for (std::size_t i = 0; i < count; ++i) {
        if (score.parts[i].unit != other.parts[i].unit)
            throw std::invalid_argument("paired_loss: part " + std::to_string(i) + " belongs to another unit");
        units[score.parts[i].unit] += difference(i) - mean;
    }
    const auto groups = static_cast<double>(units.size());
    loss.units = static_cast<int>(units.size());
    if (loss.units < 2) return loss;
    double squares = 0;
    for (const auto& [unit, sum] : units) squares += sum * sum;
    loss.deviation = groups * std::sqrt(squares / (groups - 1)) / n;
    loss.upper += standard_errors(groups) * std::sqrt(groups / (groups - 1) * squares) / n;
    return loss;
}

std::optional<int> units_needed(const PairedLoss& loss, double allowed) {
    constexpr int most = 1'000'000;
    const auto enough = [&](int units) {
        return loss.mean + standard_errors(units) * loss.deviation / std::sqrt(units) <= allowed;
    };
    if (loss.mean >= allowed || !enough(most)) return std::nullopt;
    int low = 1, high = most;  // the margin falls with every unit
    while (high - low > 1) {
        const int middle = low + (high - low) / 2;
        (enough(middle) ? high : low) = middle;
    }
    return high;
}

}  // namespace gruve
