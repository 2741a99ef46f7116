#include "offline_search/selection/paired_loss.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <map>
#include <stdexcept>

namespace gruve {

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
    if (groups < 2) return loss;
    double squares = 0;
    for (const auto& [unit, sum] : units) squares += sum * sum;
    constexpr double confidence = 0.95;
    loss.upper += boost::math::quantile(boost::math::students_t(groups - 1), confidence) *
                  std::sqrt(groups / (groups - 1) * squares) / n;
    return loss;
}

}  // namespace gruve
