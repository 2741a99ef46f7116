// From the network's outputs to the gains that gruve::Denoiser plays with given settings, and the way back for training.
#pragma once

#include "engine/front_end/denoiser_bands.h"
#include "engine/streaming/denoiser.h"
#include "offline_search/network/float_network.h"

namespace gruve {

/// Holds each network step's gains for `net_every` frames, limits the reduction and smooths attack and release, as Denoiser does.
/// Outputs beyond the gains (a comb's shares) are held only.
class PlayedGains {
public:
    /// hop_s: seconds between frames.
    PlayedGains(const DenoiserSettings& settings, int bands, int net_every, double hop_s);
    /// What is played at the settings that a denoiser has where nobody changes them.
    PlayedGains(const DenoiserConfig& config, const DenoiserBands& bands, int rate_hz)
        : PlayedGains({}, config.bands, config.net_every, static_cast<double>(bands.hop()) / rate_hz) {}

    /// wanted: outputs × steps → outputs × (steps · net_every).
    Matrix operator()(const Matrix& wanted) const;
    /// Gradient of the played gains → gradient of the wanted ones. Where a gain lies under the limit only the push upwards
    /// passes: a network at the limit can still learn to leave it.
    Matrix adjoint(const Matrix& wanted, const Matrix& played, const Matrix& gradient) const;

private:
    int bands_, net_every_;
    float least_gain_, attack_, release_;
};

}  // namespace gruve
