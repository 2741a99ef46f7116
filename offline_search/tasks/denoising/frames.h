// A mixture as the denoiser's network and loss see it: spectra, features, and the way back to samples.
#pragma once

#include <Eigen/Core>
#include <complex>
#include <span>
#include <vector>

#include "engine/front_end/denoiser_bands.h"
#include "offline_search/network/float_network.h"

namespace gruve {

using Spectra = Eigen::MatrixXcf;  // bins × frames

inline std::span<std::complex<float>> column(Spectra& m, Eigen::Index c) {
    return {m.col(c).data(), static_cast<std::size_t>(m.rows())};
}
inline std::span<const std::complex<float>> column(const Spectra& m, Eigen::Index c) {
    return {m.col(c).data(), static_cast<std::size_t>(m.rows())};
}
inline std::span<float> column(Matrix& m, Eigen::Index c) {
    return {m.col(c).data(), static_cast<std::size_t>(m.rows())};
}
inline std::span<const float> column(const Matrix& m, Eigen::Index c) {
    return {m.col(c).data(), static_cast<std::size_t>(m.rows())};
}

/// Frame f covers samples (f+1)·hop − window … (f+1)·hop, zeros before the first; network step t reads frame t·net_every.
struct DenoiseFrames {
    Matrix features;  // DenoiserConfig::features() × steps
    Spectra noisy;    // bins × steps·net_every
    Spectra earlier;  // one period of the voice before each frame; no columns without a comb
    int frames() const { return static_cast<int>(noisy.cols()); }
};

/// Whole steps only; what is left at the end is dropped. Forgets the running means of `bands` first.
DenoiseFrames make_frames(DenoiserBands& bands, int net_every, std::span<const float> samples);
/// Spectra alone, as many frames as `frames`.
Spectra make_spectra(DenoiserBands& bands, std::span<const float> samples, int frames);

/// Samples that come complete out of `frames` frames: the first (frames − 1)·hop of the recording.
inline int complete_samples(const DenoiserBands& bands, int frames) { return (frames - 1) * bands.hop(); }

/// The noisy spectra with the shares of what was there one period earlier: the rows of `played` (DenoiserConfig::outputs() × frames)
/// below the gains. Without a comb they stay what they are.
Spectra mixed(const DenoiserBands& bands, const DenoiseFrames& frames, const Matrix& played);
/// Gains (the first rows of `played`) spread over bins of `spectra` and overlap-added: complete_samples() samples.
std::vector<float> apply_gains(DenoiserBands& bands, const Spectra& spectra, const Matrix& played);
/// Both, without the mixed spectra: the samples that are played.
std::vector<float> enhance(DenoiserBands& bands, const DenoiseFrames& frames, const Matrix& played);
/// Gradient of the samples that apply_gains() made → of their spectra before synthesis, bins × frames.
Spectra synthesis_adjoint(DenoiserBands& bands, int frames, std::span<const float> sample_gradient);
/// Re(conj(spectra) · gradient) gathered into bands: what a gain (of `spectra`) or a share (of a difference) feels. bands × frames
Matrix gains_adjoint(const DenoiserBands& bands, const Spectra& spectra, const Spectra& gradient);

}  // namespace gruve
