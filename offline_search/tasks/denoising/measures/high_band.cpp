#include "offline_search/tasks/denoising/measures/high_band.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/front_end/real_fft.h"

namespace gruve {
namespace {

constexpr double from_hz = 8000, window_s = 0.020, least_share = 1e-5, least_bin = 1e-6;

/// Powers of all bins, bins × frames, with Hann windows that overlap by half.
Eigen::ArrayXXd powers_of(std::span<const float> samples, int size) {
    const int hop = size / 2, frames = std::max((static_cast<int>(samples.size()) - size) / hop + 1, 0);
    RealFft fft(size);
    std::vector<float> window(static_cast<std::size_t>(size));
    for (int i = 0; i < size; ++i)
        window[static_cast<std::size_t>(i)] =
            static_cast<float>(std::pow(std::sin(std::numbers::pi * (i + 0.5) / size), 2));
    Eigen::ArrayXXd powers(size / 2 + 1, frames);
    for (int f = 0; f < frames; ++f) {
        const auto frame = samples.subspan(static_cast<std::size_t>(f * hop), window.size());
        std::ranges::transform(frame, window, fft.samples().begin(), std::multiplies<>());
        fft.forward();
        for (int k = 0; k <= size / 2; ++k)
            powers(k, f) = static_cast<double>(std::norm(fft.spectrum()[static_cast<std::size_t>(k)]));
    }
    return powers;
}

}  // namespace

HighBand high_band(std::span<const float> clean, std::span<const float> processed, int rate_hz) {
    if (clean.size() != processed.size())
        throw std::invalid_argument("high_band: " + std::to_string(clean.size()) + " clean samples, " +
                                    std::to_string(processed.size()) + " processed ones");
    constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
    const int size = nearest_fast_fft_size(static_cast<int>(std::lround(window_s * rate_hz)));
    const int first = static_cast<int>(from_hz * size / rate_hz) + 1, bins = size / 2 + 1 - first;
    if (bins <= 0) return {nothing, nothing};
    const Eigen::ArrayXXd wanted = powers_of(clean, size);
    if (wanted.cols() == 0) return {nothing, nothing};
    const Eigen::ArrayXXd wanted_high = wanted.bottomRows(bins);
    if (wanted_high.sum() <= least_share * wanted.sum()) return {nothing, nothing};

    const Eigen::ArrayXXd made_high = powers_of(processed, size).bottomRows(bins);
    const double least = least_bin * wanted_high.maxCoeff();
    const Eigen::ArrayXXd difference = 10 * (made_high.max(least) / wanted_high.max(least)).log10();
    return {10 * std::log10(std::max(made_high.sum(), least) / wanted_high.sum()),
            difference.square().colwise().mean().sqrt().mean()};
}

}  // namespace gruve
