#include "offline_search/tasks/denoising/measures/heard.h"

#include <algorithm>
#include <cmath>

namespace gruve {
namespace {

constexpr double stoi_unit = 0.005, pesq_unit = 0.05, overall_unit = 0.05;  // a point each, as in `presets/judge`
constexpr double overall_per_distance = -10;                                // found on validation mixtures

/// Wide-band PESQ (P.862.2) of what the disturbances leave of the best raw score, 4.5.
double pesq_of(double disturbance) { return 0.999 + 4 / (1 + std::exp(-1.3669 * (4.5 - disturbance) + 3.8224)); }

double level_of(std::span<const float> samples) {
    double energy = 0;
    for (const float v : samples) energy += static_cast<double>(v) * static_cast<double>(v);
    return std::max(1e-5, samples.empty() ? 0 : std::sqrt(energy / static_cast<double>(samples.size())));
}

}  // namespace

HeardMeasure::HeardMeasure(std::span<const float> clean, int rate_hz)
    : clean_(clean.begin(), clean.end()),
      level_(level_of(clean)),
      stoi_(clean, rate_hz),
      perceptual_(clean, rate_hz),
      spectral_(rate_hz) {}

double HeardMeasure::of(std::span<const float> processed) const {
    const double stoi = stoi_.of(processed);
    const double intelligibility = std::isnan(stoi) ? 0 : stoi / stoi_unit;
    const double quality = perceptual_.empty() ? 0 : pesq_of(perceptual_(processed)) / pesq_unit;
    const double overall = overall_per_distance * spectral_(clean_, processed, level_) / overall_unit;
    return (intelligibility + quality + overall) / 3;
}

}  // namespace gruve
