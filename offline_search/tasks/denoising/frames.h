// Short-time spectra and features of a mixture for the denoiser's network and loss, and the synthesis of samples.
#pragma once

#include <Eigen/Core>
#include <complex>
#include <optional>
#include <span>
#include <vector>

#include "engine/front_end/denoiser_bands.h"
#include "offline_search/network/float_network.h"
#include "offline_search/tasks/denoising/first_stage.h"

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

/// Frame f covers the samples (f + 1) · hop − window … (f + 1) · hop, with zeros before the recording. Network step t
/// hears frame t · net_every, and the first frame that it plays is look_ahead frames before. The last look_ahead frames
/// are heard only.
struct DenoiseFrames {
    Matrix features;  // DenoiserConfig::features() × steps
    Spectra noisy;    // bins × (steps·net_every − look_ahead); what the first stage left of them, if there is one
    Spectra earlier;  // each frame of `noisy` one pitch period earlier; no columns without a comb filter
    int frames() const { return static_cast<int>(noisy.cols()); }
};

/// Analyses whole steps; samples left at the end are dropped. Resets the running means of `bands`, and `first`, before.
/// first: the stage through which the frames pass before the network hears them, or null.
/// config: that of `bands`.
DenoiseFrames make_frames(DenoiserBands& bands, const DenoiserConfig& config, std::span<const float> samples,
                          DenoiserStage* first = nullptr);
/// Makes the frames of many recordings. Expensive to construct.
class FrameMaker {
public:
    /// first: the stage before, or null. rate_hz: as DenoiserBands takes it.
    FrameMaker(const DenoiserConfig& config, const FirstStage* first, double rate_hz)
        : bands(config, rate_hz), config_(config) {
        if (first != nullptr) first_.emplace(first->stage(rate_hz));
    }
    DenoiseFrames operator()(std::span<const float> samples) {
        return make_frames(bands, config_, samples, first_ ? &*first_ : nullptr);
    }

    DenoiserBands bands;

private:
    DenoiserConfig config_;
    std::optional<DenoiserStage> first_;
};

/// Only the spectra of the first `frames` frames.
Spectra make_spectra(DenoiserBands& bands, std::span<const float> samples, int frames);

/// The number of samples that `frames` frames synthesise completely: the first (frames − 1) · hop of the recording.
inline int complete_samples(const DenoiserBands& bands, int frames) { return (frames - 1) * bands.hop(); }

/// Mixes the spectra of one pitch period earlier into the noisy ones. The shares are the rows of `played`
/// (DenoiserConfig::frame_outputs() × frames) below the gains. Without a comb filter, returns the noisy spectra.
Spectra mixed(const DenoiserBands& bands, const DenoiseFrames& frames, const Matrix& played);
/// Applies the gains (the first rows of `played`) to `spectra` and synthesises complete_samples() samples.
std::vector<float> apply_gains(DenoiserBands& bands, const Spectra& spectra, const Matrix& played);
/// mixed() and apply_gains() in one pass: the samples that the denoiser plays.
std::vector<float> enhance(DenoiserBands& bands, const DenoiseFrames& frames, const Matrix& played);
/// Takes dLoss/dSample for the samples of apply_gains() to dLoss/dSpectrum, bins × frames.
Spectra synthesis_adjoint(DenoiserBands& bands, int frames, std::span<const float> sample_gradient);
/// Gathers Re(conj(spectra) · gradient) into bands, bands × frames: the gradient of a gain of `spectra`, or of a comb's
/// share if `spectra` is the difference that it mixes in.
Matrix gains_adjoint(const DenoiserBands& bands, const Spectra& spectra, const Spectra& gradient);

}  // namespace gruve
