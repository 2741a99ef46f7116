// The denoiser's analysis, features, gains and synthesis, one frame at a time. Training uses this class too.
#pragma once

#include <complex>
#include <memory>
#include <span>

#include "engine/preset/preset.h"

namespace gruve {

class BandLayout;
class RealFft;

/// An asymmetric analysis window (window_s) and a short synthesis window (latency_s), with perfect reconstruction at
/// unity gains. Only the constructor allocates; everything else is real-time safe. Not thread-safe: each stream needs
/// its own.
class DenoiserBands {
public:
    /// rate_hz: 8000..192000. Throws std::invalid_argument if it or `config` is out of range.
    DenoiserBands(const DenoiserConfig& config, double rate_hz);
    ~DenoiserBands();
    DenoiserBands(DenoiserBands&&) noexcept;
    DenoiserBands& operator=(DenoiserBands&&) noexcept;

    int window() const;   // samples analysed per frame
    int hop() const;      // samples between frames
    int latency() const;  // samples of the synthesis window = 2·hop(): the delay from input to output
    int bins() const;     // window()/2 + 1
    int bands() const;
    int features() const;  // 2 to 4 per band, see DenoiserConfig
    bool has_comb() const;
    int earlier_bins() const;  // bins that a comb can change: those within the trained bandwidth

    /// Scratch memory for bins() values. A spectrum in it is analysed and synthesised without a copy. Each analyse()
    /// and synthesise() of another spectrum overwrites it.
    std::span<std::complex<float>> spectrum() noexcept;
    /// frame: window() samples → spectrum: bins() values. Applies the analysis window.
    void analyse(std::span<const float> frame, std::span<std::complex<float>> spectrum) noexcept;
    /// spectrum → features() floats, roughly −3..3. First each band's log10 power minus its running mean, then each
    /// band's log10 power relative to a slow broadband level. If the configuration has them: log10 power above the
    /// band's noise floor, and the band's periodicity (periodicity.h). Advances the running means: call it once per
    /// network step, in order.
    void features(std::span<const std::complex<float>> spectrum, std::span<float> features) noexcept;
    /// Takes note of a frame at which the network does not step. Needed only with DenoiserConfig::comb.
    void pass(std::span<const std::complex<float>> spectrum) noexcept;
    /// The spectrum one period of the voice before the last frame given to features() or pass(). `spectrum`: that
    /// frame's own, copied to the bins of `earlier` above earlier_bins(). Requires a configuration with a comb.
    void earlier(std::span<const std::complex<float>> spectrum, std::span<std::complex<float>> earlier) const noexcept;
    /// spectrum += share · (earlier − spectrum) for the bins of `earlier`, with bands() shares 0..1 spread like gains.
    void mix(std::span<const float> band_shares, std::span<const std::complex<float>> earlier,
             std::span<std::complex<float>> spectrum) const noexcept;
    /// spectrum *= gain, with bands() gains 0..1 interpolated linearly between band centres. Above the trained
    /// bandwidth, bins get the mean gain of the bands from 5 to 7.5 kHz (BandLayout).
    void apply(std::span<const float> band_gains, std::span<std::complex<float>> spectrum) const noexcept;
    /// Power of each band in full scale², for ideal gains and displays.
    void band_powers(std::span<const std::complex<float>> spectrum, std::span<float> powers) const noexcept;
    /// spectrum → latency() samples, to be overlap-added every hop() samples. Applies the synthesis window.
    void synthesise(std::span<const std::complex<float>> spectrum, std::span<float> frame) noexcept;
    /// Forgets the running means and noise floors.
    void reset() noexcept;

    /// The parts of this analysis, from which training derives its gradients.
    const BandLayout& layout() const noexcept;
    float power_scale() const noexcept;                        // of BandLayout::gather_power() in band_powers()
    std::span<const float> synthesis_window() const noexcept;  // latency() values
    RealFft& fft() noexcept;                                   // of window() samples; its memory includes spectrum()

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace gruve
