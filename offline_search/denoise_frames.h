// A mixture as the denoiser's network and loss see it: spectra, features, and the way back to samples.
#pragma once

#include <Eigen/Core>
#include <span>
#include <vector>

#include "engine/front_end/denoiser_bands.h"
#include "offline_search/float_network.h"

namespace gruve {

using Spectra = Eigen::MatrixXcf;  // bins × frames

/// Frame f covers samples (f+1)·hop − window … (f+1)·hop, zeros before the first; network step t reads frame t·net_every.
struct DenoiseFrames {
    Matrix features;            // DenoiserConfig::features() × steps
    Spectra noisy;              // bins × steps·net_every
    int frames() const { return static_cast<int>(noisy.cols()); }
};

/// Whole steps only; what is left at the end is dropped. Forgets the running means of `bands` first.
DenoiseFrames make_frames(DenoiserBands& bands, int net_every, std::span<const float> samples);
/// Spectra alone, as many frames as `frames`.
Spectra make_spectra(DenoiserBands& bands, std::span<const float> samples, int frames);

/// Samples that come complete out of `frames` frames: the first (frames − 1)·hop of the recording.
inline int complete_samples(const DenoiserBands& bands, int frames) { return (frames - 1) * bands.hop(); }

/// Band gains (bands × frames) applied to the noisy spectra, spread over bins and overlap-added: complete_samples() samples.
std::vector<float> apply_gains(DenoiserBands& bands, const Spectra& noisy, const Matrix& gains);
/// Adjoint of apply_gains: gradient of the samples → gradient of the gains, bands × frames.
Matrix apply_gains_adjoint(DenoiserBands& bands, const Spectra& noisy, std::span<const float> sample_gradient);

}  // namespace gruve
