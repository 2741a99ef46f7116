// What the denoiser's training descends.
#pragma once

#include <optional>

#include "offline_search/tasks/denoising/frames.h"
#include "offline_search/tasks/denoising/intelligibility_loss.h"

namespace gruve {

/// Weights of the parts of the loss.
struct DenoiseLossWeights {
    float snr = 0.1f;              // per dB of signal-to-noise ratio of the output samples
    float magnitude = 3.0f;        // squared error of band magnitudes to the power 0.3, relative to the noisy ones
    float intelligibility = 3.0f;  // 1 − STOI
};

/// One mixture, ready for training.
struct DenoiseExample {
    DenoiseFrames frames;
    std::vector<float> clean;         // complete_samples() samples; all zero: noise only
    double noisy_energy = 0;          // of the same samples
    Matrix clean_power, noisy_power;  // bands × frames, to the power 0.15 (of magnitudes: 0.3)
    std::optional<IntelligibilityLoss> intelligibility;
};
/// frames: of the noisy samples.
DenoiseExample make_example(DenoiserBands&, int rate_hz, DenoiseFrames frames, std::span<const float> clean,
                            std::span<const float> noisy);

/// Loss of `played` (DenoiserConfig::outputs() × frames); its gradient is written to `gradient`, same shape.
double denoise_loss(DenoiserBands&, const DenoiseLossWeights&, const DenoiseExample&, const Matrix& played,
                    Matrix& gradient);

}  // namespace gruve
