#include "offline_search/tasks/denoising/measures/heard.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "offline_search/tasks/denoising/measures/spectral_loss.h"

namespace gruve {
namespace {

/// The units of the score of `presets/judge`.
constexpr double pesq_unit = 0.05, overall_unit = 0.05, stoi_unit = 0.005;
/// How fast DNSMOS overall falls with the spectral distance: found on validation mixtures (docs/denoiser.md).
constexpr double overall_per_distance = -20;

/// Wide-band PESQ as P.862.2 maps it from disturbances, which are taken from 4.5.
double pesq_of(double disturbance) { return 0.999 + 4 / (1 + std::exp(-1.3669 * (4.5 - disturbance) + 3.8224)); }

double level_of(std::span<const float> samples) {
    const double energy = std::transform_reduce(samples.begin(), samples.end(), 0.0, std::plus<>(), [](float v) {
        return static_cast<double>(v) * static_cast<double>(v);
    });
    return std::max(std::sqrt(energy / static_cast<double>(std::max<std::size_t>(samples.size(), 1))), 1e-5);
}

}  // namespace

HeardMeasure::HeardMeasure(std::span<const float> clean, int rate_hz)
    : clean_(clean.begin(), clean.end()), level_(level_of(clean)), stoi_(clean, rate_hz), perceptual_(clean, rate_hz) {}

double HeardMeasure::of(std::span<const float> processed) const {
    const double stoi = stoi_.of(processed), distance = SpectralLoss(16000)(clean_, processed, level_);
    return ((std::isnan(stoi) ? 0 : stoi / stoi_unit) +
            (perceptual_.empty() ? 0 : pesq_of(perceptual_(processed)) / pesq_unit) +
            overall_per_distance * distance / overall_unit) /
           3;
}

}  // namespace gruve
