#include "offline_search/quantisation/activation_range.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/model/fixed_point.h"

namespace gruve {
namespace {

constexpr int clips = 24;

/// Clip factors 0.05 … 1.25. Two bits are best with a quarter of the range, eight bits with all of it.
double clip_factor(int k) { return 0.05 + 1.2 * k / (clips - 1); }

float quantile(Samples values, double share) {
    const auto nth = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), nth, values.end());
    return *nth;
}

double apply(Activation activation, double x) {
    switch (activation) {
        case Activation::sigmoid:
            return 1.0 / (1.0 + std::exp(-x));
        case Activation::tanh:
            return std::tanh(x);
        case Activation::none:
            break;
    }
    return x;
}

Samples magnitudes(const Samples& samples) {
    Samples result(samples.size());
    std::transform(samples.begin(), samples.end(), result.begin(), [](float v) { return std::abs(v); });
    return result;
}

}  // namespace

double search_scale(const Samples& samples, int bits, Activation activation) {
    const double range = std::max(1e-6, static_cast<double>(quantile(magnitudes(samples), 0.9999)));
    const int low = signed_min(bits), high = signed_max(bits);
    std::vector<double> exact(samples.size());
    std::transform(samples.begin(), samples.end(), exact.begin(), [&](float v) { return apply(activation, v); });
    double best_scale = range / high, best_error = std::numeric_limits<double>::infinity();
    std::vector<double> table(static_cast<std::size_t>(high - low + 1));
    for (int k = 0; k < clips; ++k) {
        const double scale = clip_factor(k) * range / high;
        for (int level = low; level <= high; ++level)
            table[static_cast<std::size_t>(level - low)] = apply(activation, level * scale);
        double error = 0;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const int level =
                static_cast<int>(std::clamp(std::floor(samples[i] / scale + 0.5), double(low), double(high)));
            const double difference = table[static_cast<std::size_t>(level - low)] - exact[i];
            error += difference * difference;
        }
        if (error < best_error) {
            best_error = error;
            best_scale = scale;
        }
    }
    return best_scale;
}

InputQuantiser search_input(const Samples& samples, int bits) {
    // The range includes zero, so that the zero point is one of the levels.
    const double low = std::min(0.0, static_cast<double>(quantile(samples, 0.0001)));
    const double high = std::max({0.0, static_cast<double>(quantile(samples, 0.9999)), low + 1e-6});
    InputQuantiser best;
    double best_error = std::numeric_limits<double>::infinity();
    // Clipping scales both ends alike, so every clip has the same zero point.
    const double zero = std::floor(-low / (high - low) * unsigned_max(bits) + 0.5) + signed_min(bits);
    for (int k = 0; k < clips; ++k) {
        InputQuantiser candidate;
        candidate.bits = static_cast<std::uint8_t>(bits);
        candidate.scale = static_cast<float>(clip_factor(k) * (high - low) / unsigned_max(bits));
        candidate.zero_point = static_cast<std::int8_t>(zero);
        double error = 0;
        for (const float x : samples) {
            const double difference = (candidate(x) - candidate.zero_point) * static_cast<double>(candidate.scale) - x;
            error += difference * difference;
        }
        if (error < best_error) {
            best_error = error;
            best = candidate;
        }
    }
    return best;
}

double covering_scale(const Samples& samples, double headroom) {
    float largest = 1e-6f;
    for (const float v : samples) largest = std::max(largest, std::abs(v));
    return largest * headroom / signed_max(16);
}

double unit_scale(int bits) { return 1.0 / signed_max(bits); }

std::uint64_t to_q24(double scale) {
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(std::ldexp(scale, 24))));
}

double from_q24(std::uint64_t scale_q24) { return std::ldexp(static_cast<double>(scale_q24), -24); }

}  // namespace gruve
