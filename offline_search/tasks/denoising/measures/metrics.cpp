#include "offline_search/tasks/denoising/measures/metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace gruve {
namespace {

constexpr double limit_db = 100.0;
constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

double dot(std::span<const float> a, std::span<const float> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return sum;
}

void require_equal_length(std::span<const float> a, std::span<const float> b) {
    if (a.size() != b.size())
        throw std::invalid_argument("metrics: reference has " + std::to_string(a.size()) + " samples, estimate " +
                                    std::to_string(b.size()));
}

}  // namespace

double si_sdr_db(std::span<const float> reference, std::span<const float> estimate) {
    require_equal_length(reference, estimate);
    double rr = 0, re = 0, ee = 0;  // summed side by side: each addition waits for the last one of its sum
    for (std::size_t i = 0; i < reference.size(); ++i) {
        const double r = static_cast<double>(reference[i]), e = static_cast<double>(estimate[i]);
        rr += r * r, re += r * e, ee += e * e;
    }
    if (rr <= 0 || ee <= 0) return -limit_db;
    const double target = re * re / rr, distortion = ee - target;
    if (target <= 0) return -limit_db;
    if (distortion <= target * 1e-10) return limit_db;
    return std::clamp(10 * std::log10(target / distortion), -limit_db, limit_db);
}

double segmental_snr_db(std::span<const float> reference, std::span<const float> estimate, int rate_hz) {
    require_equal_length(reference, estimate);
    const auto frame = static_cast<std::size_t>(rate_hz * 3 / 100);
    if (frame == 0 || reference.size() < frame) return nan_value;
    double loudest = 0;
    for (std::size_t i = 0; i + frame <= reference.size(); i += frame / 2) {
        const auto r = reference.subspan(i, frame);
        loudest = std::max(loudest, dot(r, r));
    }
    if (loudest <= 0) return nan_value;
    double sum = 0;
    int frames = 0;
    for (std::size_t i = 0; i + frame <= reference.size(); i += frame / 2) {
        const auto r = reference.subspan(i, frame);
        const double energy = dot(r, r);
        if (energy <= loudest * 1e-4) continue;
        double error = 0;
        for (std::size_t k = 0; k < frame; ++k) {
            const double d = static_cast<double>(r[k]) - static_cast<double>(estimate[i + k]);
            error += d * d;
        }
        sum += std::clamp(10 * std::log10(energy / std::max(error, energy * 1e-10)), -10.0, 35.0);
        ++frames;
    }
    return sum / frames;
}

MeanInterval mean_interval(const std::vector<double>& values) {
    MeanInterval result;
    double sum = 0, squares = 0;
    for (double v : values)
        if (!std::isnan(v)) sum += v, ++result.n;
    if (result.n == 0) return result;
    result.mean = sum / result.n;
    for (double v : values)
        if (!std::isnan(v)) squares += (v - result.mean) * (v - result.mean);
    if (result.n > 1) result.ci95 = 1.96 * std::sqrt(squares / (result.n - 1) / result.n);
    return result;
}

}  // namespace gruve
