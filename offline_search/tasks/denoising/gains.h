// The gains that gruve::Denoiser applies for given network outputs and settings, and their gradient.
#pragma once

#include "engine/front_end/denoiser_bands.h"
#include "engine/streaming/denoiser.h"
#include "offline_search/network/float_network.h"

namespace gruve {

/// Like Denoiser, repeats the gains of a network step for net_every frames, or takes those of each frame, limits the
/// reduction, smooths attack and release, and plays look_ahead frames earlier than it hears. Other outputs (the shares
/// of a comb filter) are neither limited nor smoothed.
class PlayedGains {
public:
    /// hop_s: seconds between frames.
    PlayedGains(const DenoiserSettings& settings, const DenoiserConfig& config, double hop_s);
    /// With the default settings of Denoiser.
    PlayedGains(const DenoiserConfig& config, const DenoiserBands& bands, int rate_hz)
        : PlayedGains({}, config, static_cast<double>(bands.hop()) / rate_hz) {}

    /// wanted: outputs() × steps → frame_outputs() × (steps · net_every − look_ahead), for the frames of
    /// DenoiseFrames::noisy.
    /// The first look_ahead frames that Denoiser plays lie before the recording and are left out.
    Matrix operator()(const Matrix& wanted) const;
    /// Takes the gradient of the played gains to that of the wanted ones. If a gain lies below the limit, only the
    /// gradient that raises it passes, so a network can learn to leave the limit.
    Matrix adjoint(const Matrix& wanted, const Matrix& played, const Matrix& gradient) const;

private:
    Matrix of_all_frames(const Matrix& wanted) const;
    /// The network's outputs for frame f: a column.
    auto of_frame(auto& wanted, Eigen::Index f) const {
        const Eigen::Index count = wanted.rows() / frames_of_outputs_;
        return wanted.col(f / net_every_).segment(f % frames_of_outputs_ * count, count);
    }

    int bands_, net_every_, look_ahead_;
    int frames_of_outputs_;  // how many frames have outputs of their own in a step: 1 or net_every
    float least_gain_, attack_, release_;
};

}  // namespace gruve
