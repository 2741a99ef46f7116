// The loss of the denoiser.
#pragma once

#include <optional>

#include "offline_search/tasks/denoising/frames.h"
#include "offline_search/tasks/denoising/measures/intelligibility_loss.h"

namespace gruve {

/// Weights of the terms of the loss.
struct DenoiseLossWeights {
    float snr = 0.1f;              // −SNR of the output samples, per dB
    float magnitude = 3.0f;        // squared error of the band magnitudes to the power 0.3, relative to the noisy ones
    float intelligibility = 3.0f;  // 1 − STOI
};

/// One mixture, prepared for training.
struct DenoiseExample {
    DenoiseFrames frames;
    std::vector<float> clean;         // complete_samples() samples; all zero if there is no speech
    double noisy_energy = 0;          // of the noisy mixture, over the same samples
    Matrix clean_power, noisy_power;  // band powers to the power 0.15 (magnitudes to the power 0.3), bands × frames
    std::optional<IntelligibilityLoss> intelligibility;
};
/// frames: make_frames() of the noisy samples.
DenoiseExample make_example(DenoiserBands&, int rate_hz, DenoiseFrames frames, std::span<const float> clean,
                            std::span<const float> noisy);

/// The loss of `played` (DenoiserConfig::outputs() × frames). Sets `gradient` (same shape) to its gradient.
double denoise_loss(DenoiserBands&, const DenoiseLossWeights&, const DenoiseExample&, const Matrix& played,
                    Matrix& gradient);

}  // namespace gruve
