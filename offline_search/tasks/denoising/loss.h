// The loss of the denoiser.
#pragma once

#include <optional>

#include "offline_search/tasks/denoising/frames.h"
#include "offline_search/tasks/denoising/measures/intelligibility_loss.h"
#include "offline_search/tasks/denoising/measures/perceptual_loss.h"

namespace gruve {

/// Weights of the terms of the loss.
struct DenoiseLossWeights {
    float snr = 0.1f;              // −SNR of the output samples, per dB
    float magnitude = 3.0f;        // squared error of the band magnitudes to the power 0.3, relative to the noisy ones
    float intelligibility = 3.0f;  // 1 − STOI
    float spectrum = 0.0f;         // error of compressed spectra, see SpectralLoss; about 0.02 … 0.1 in value
    float quality = 0.0f;          // PESQ's disturbance, see PerceptualLoss; about 1 … 3 in value
    float left = 1.0f;             // weight within `spectrum` of bins with more power than the clean ones
    float cells = 0.0f;            // error of magnitudes as in `magnitude`, but relative to each cell's own noisy one
    float si_sdr = 0.0f;  // −SI-SDR of them where there is speech, per dB: speech turned down is no error in it
};

/// One mixture, prepared for training.
struct DenoiseExample {
    DenoiseFrames frames;
    int rate_hz = 16000;
    std::vector<float> clean;         // complete_samples() samples; all zero if there is no speech
    double noisy_energy = 0;          // of the noisy mixture, over the same samples
    Matrix clean_power, noisy_power;  // band powers to the power 0.15 (magnitudes to the power 0.3), bands × frames
    std::optional<IntelligibilityLoss> intelligibility;
    std::optional<PerceptualLoss> perceptual;  // only if the loss needs it
    double level = 1;  // of `clean`, or of the noisy samples if there is no speech; root mean square
};
/// frames: make_frames() of the noisy samples. Throws std::invalid_argument if the weights ask for `quality` and
/// rate_hz isn't 16000.
DenoiseExample make_example(DenoiserBands&, const DenoiseLossWeights&, int rate_hz, DenoiseFrames frames,
                            std::span<const float> clean, std::span<const float> noisy);

/// The loss of `played` (DenoiserConfig::frame_outputs() × frames). Sets `gradient` (same shape) to its gradient.
double denoise_loss(DenoiserBands&, const DenoiseLossWeights&, const DenoiseExample&, const Matrix& played,
                    Matrix& gradient);

}  // namespace gruve
