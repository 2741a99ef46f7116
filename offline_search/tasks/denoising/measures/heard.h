// What is heard of a denoiser's output as one number, cheap enough to score every genome of a search by.
#pragma once

#include <span>
#include <vector>

#include "offline_search/tasks/denoising/measures/perceptual_loss.h"
#include "offline_search/tasks/denoising/measures/spectral_loss.h"
#include "offline_search/tasks/denoising/measures/stoi.h"

namespace gruve {

/// Follows the score of `presets/judge`, the mean of STOI/0.005, PESQ/0.05 and DNSMOS overall/0.05, without DNSMOS,
/// which takes hundreds of times as long. PESQ is estimated by PerceptualLoss, and DNSMOS overall by SpectralLoss: it
/// falls by 10 times the distance. How well it follows: docs/denoiser_studies.md. Holds the clean recording, so one
/// object serves many processed versions. Safe on several threads at the same time.
class HeardMeasure {
public:
    /// clean: at 16 kHz, any length. Throws std::invalid_argument for another rate.
    HeardMeasure(std::span<const float> clean, int rate_hz);

    /// In points, of which more are better. Only differences between versions of one recording mean anything. A
    /// recording without speech, or too short for a term, adds 0 for it. processed: as long as the clean samples.
    double of(std::span<const float> processed) const;

private:
    std::vector<float> clean_;
    double level_;  // root mean square of the clean samples, > 0
    Stoi stoi_;
    PerceptualLoss perceptual_;
    SpectralLoss spectral_;
};

}  // namespace gruve
