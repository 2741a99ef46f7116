// One network of a denoiser: it hears the spectrum of each frame and changes it.
#pragma once

#include <complex>
#include <memory>
#include <span>
#include <vector>

#include "engine/front_end/denoiser_bands.h"
#include "engine/preset/preset.h"
#include "engine/streaming/stream_network.h"
#include "engine/support/delay_line.h"

namespace gruve {

/// The user's settings. They may change between any two calls of Denoiser::process().
struct DenoiserSettings {
    /// No band is reduced by more than this, in dB. 0 = off, ≥ 60 = no limit. Below 3 dB, a comb mixes in less too.
    float reduction_limit_db = 60.0f;
    float attack_s = 0.0f;   // time constant of a rising gain
    float release_s = 0.0f;  // time constant of a falling gain; presets are trained with 0, longer times smear words
};

/// A denoiser has one, or two in series: the second hears what the first leaves of the same frame, so the latency is
/// that of one. With DenoiserConfig::look_ahead a stage plays an earlier frame than the one that it heard last. Only
/// the constructor allocates; everything else is real-time safe. Not thread-safe: each channel needs its own.
class DenoiserStage {
public:
    using Spectrum = std::span<std::complex<float>>;  // DenoiserBands::bins() values

    /// rate_hz: 8000..192000. The network must fit `config`. Throws std::invalid_argument for another rate.
    DenoiserStage(const DenoiserConfig& config, const PlayableNetwork& network, double rate_hz);

    DenoiserBands& bands() noexcept { return bands_; }
    const DenoiserBands& bands() const noexcept { return bands_; }

    void set(const DenoiserSettings&) noexcept;
    /// Back to the state after construction, settings excepted.
    void reset() noexcept;
    /// Hears a frame. At each network step, wanted() becomes the network's outputs; call play() before the next frame.
    void hear(std::span<const std::complex<float>> spectrum) noexcept;
    /// The network's outputs for the frame that comes next, 0..1: a gain for each band, then, with a comb, a share for
    /// each.
    std::span<float> wanted() noexcept {
        const auto count = static_cast<std::size_t>(config_.frame_outputs());
        return std::span(wanted_).subspan(config_.each_frame ? static_cast<std::size_t>(frame_of_step_) * count : 0,
                                          count);
    }
    /// spectrum: the frame that was heard last → the frame that is played, look_ahead frames earlier, with comb and
    /// gains. Frames before the stream are zeros. total: the gains, one for each band, that the stages before this one
    /// applied to the frame that was heard last, which count towards the reduction limit → those of the frame that is
    /// played, times gains(). Empty: there is no stage before, and nobody asks.
    void play(Spectrum spectrum, std::span<float> total = {}) noexcept;
    /// The gains that play() applied last, 0..1, one for each band.
    std::span<const float> gains() const noexcept { return gains_; }

private:
    std::span<float> shares() noexcept { return wanted().subspan(gains_.size()); }
    void delay(Spectrum spectrum, std::span<float> before) noexcept;
    void smooth(std::span<const float> before) noexcept;

    DenoiserConfig config_;
    double step_s_;  // of a frame
    DenoiserBands bands_;
    std::unique_ptr<StreamNetwork> network_;
    bool first_frame_ = true;
    int frame_of_step_ = 0;  // the network steps at frame 0 of every net_every
    float least_gain_ = 0, attack_ = 1, release_ = 1;
    float comb_share_ = 1;  // scales the comb's shares, because a comb reduces noise too and must keep the limit
    std::vector<std::complex<float>> earlier_;
    DelayLine spectra_, earlier_spectra_, gains_before_;            // by look_ahead frames
    std::vector<float> features_, wanted_, gains_, played_shares_;  // wanted_: of a whole step
};

}  // namespace gruve
