#include "engine/streaming/sensitivity.h"

#include <algorithm>
#include <cmath>

#include "engine/support/elementary.h"

namespace gruve {
namespace {

constexpr double without_points = 2.0;  // log-odds from sensitivity 0 to ±1
constexpr double nearest_to_certain = 1e-7;
constexpr double ln_10 = 2.302585092994045684;

double log_odds(float threshold) noexcept {
    const double p = std::clamp(double{threshold}, nearest_to_certain, 1.0 - nearest_to_certain);
    return ln_10 * elementary::log10(p / (1.0 - p));
}

float probability(double odds) noexcept { return static_cast<float>(1.0 / (1.0 + elementary::exp(-odds))); }

/// Whether the point's thresholds are lower (or else higher) than the preset's own.
bool is_beside(const DetectionConfig& config, const OperatingPoint& point, bool lower) noexcept {
    for (std::size_t l = 0; l < config.threshold.size(); ++l)
        if (lower ? point.threshold[l] < config.threshold[l] : point.threshold[l] > config.threshold[l]) return true;
    return false;
}

std::size_t count_beside(const DetectionConfig& config, bool lower) noexcept {
    std::size_t count = 0;
    for (const OperatingPoint& point : config.points) count += is_beside(config, point, lower);
    return count;
}

/// The thresholds `steps` points away from the preset's own, of `count` points on that side.
std::span<const float> stop(const DetectionConfig& config, bool lower, std::size_t count, std::size_t steps) noexcept {
    if (steps == 0) return config.threshold;
    // Points go from few alarms to many: those with higher thresholds come first, those with lower ones last.
    return config.points[lower ? config.points.size() - count + steps - 1 : count - steps].threshold;
}

}  // namespace

float moved_threshold(float threshold, double by) noexcept {
    if (by == 0.0 || !(threshold > 0.0f && threshold < 1.0f)) return threshold;
    // Limits and rounding must not carry a threshold the other way.
    const float moved = probability(log_odds(threshold) + by);
    return by < 0.0 ? std::min(moved, threshold) : std::max(moved, threshold);
}

void thresholds_at(const DetectionConfig& config, float sensitivity, std::span<float> thresholds) noexcept {
    const std::size_t labels = std::min(thresholds.size(), config.threshold.size());
    const bool lower = sensitivity > 0.0f;
    const double size = std::isnan(sensitivity) ? 0.0 : std::min(std::abs(double{sensitivity}), 1.0);
    const std::size_t count = count_beside(config, lower);
    if (count == 0 || size == 0.0) {
        const double by = (lower ? -without_points : without_points) * size;
        for (std::size_t l = 0; l < labels; ++l) thresholds[l] = moved_threshold(config.threshold[l], by);
        return;
    }
    const double place = size * static_cast<double>(count);
    const std::size_t steps = std::min(static_cast<std::size_t>(place), count - 1);
    const double share = place - static_cast<double>(steps);
    const std::span<const float> from = stop(config, lower, count, steps), to = stop(config, lower, count, steps + 1);
    for (std::size_t l = 0; l < labels; ++l) {
        thresholds[l] = share >= 1.0 || from[l] == to[l] ? to[l] : from[l];
        if (share <= 0.0 || share >= 1.0 || from[l] == to[l]) continue;
        const double odds = (1.0 - share) * log_odds(from[l]) + share * log_odds(to[l]);
        // Rounding must not carry a threshold past the points.
        thresholds[l] = std::clamp(probability(odds), std::min(from[l], to[l]), std::max(from[l], to[l]));
    }
}

float sensitivity_of(const DetectionConfig& config, std::size_t point) noexcept {
    const auto share = [](std::size_t steps, std::size_t count) {
        return static_cast<float>(steps) / static_cast<float>(count);
    };
    const std::size_t points = config.points.size(), above = count_beside(config, false),
                      below = count_beside(config, true);
    if (point < above) return -share(above - point, above);
    return point + below < points ? 0.0f : share(point + below - points + 1, below);
}

}  // namespace gruve
