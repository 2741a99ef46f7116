// What is heard of a denoiser's output as one number, cheap enough to score every genome of a search by.
#pragma once

#include <span>
#include <vector>

#include "offline_search/tasks/denoising/measures/perceptual_loss.h"
#include "offline_search/tasks/denoising/measures/stoi.h"

namespace gruve {

/// Holds the clean recording, so one object serves many processed versions. Safe on several threads at the same time.
class HeardMeasure {
public:
    /// clean: at 16 kHz, any length. Throws std::invalid_argument for another rate.
    HeardMeasure(std::span<const float> clean, int rate_hz);

    /// In points, of which more are better. Only differences between versions of one recording mean anything: a point
    /// stands for one of the score of `presets/judge`, the mean of PESQ/0.05, DNSMOS overall/0.05 and STOI/0.005.
    /// Terms that a recording has no room for (shorter than 0.4 s, or without speech) are 0. processed: as long as the
    /// clean samples.
    double of(std::span<const float> processed) const;

private:
    std::vector<float> clean_;
    double level_;  // root mean square of the speech, > 0
    Stoi stoi_;
    PerceptualLoss perceptual_;
};

}  // namespace gruve
