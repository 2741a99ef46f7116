// The denoiser's analysis, features, gains and synthesis, one frame at a time. Training uses the same class.
#pragma once

#include <complex>
#include <memory>
#include <span>

#include "engine/preset/preset.h"

namespace gruve {

/// Asymmetric analysis (window_s) and short synthesis (latency_s) windows with perfect reconstruction at unity gains.
/// Sized at construction; everything else is real-time safe. Not thread-safe: one per stream.
class DenoiserBands {
public:
    /// rate_hz 8000..192000. Throws std::invalid_argument otherwise or where `config` is out of range.
    DenoiserBands(const DenoiserConfig& config, double rate_hz);
    ~DenoiserBands();
    DenoiserBands(DenoiserBands&&) noexcept;
    DenoiserBands& operator=(DenoiserBands&&) noexcept;

    int window() const;   // samples analysed per frame
    int hop() const;      // samples between frames
    int latency() const;  // samples of the synthesis window = 2·hop: delay from input to output
    int bins() const;     // window()/2 + 1
    int bands() const;
    int features() const;  // 2 to 4 a band, see DenoiserConfig
    bool has_comb() const;
    int earlier_bins() const;  // bins within the trained bandwidth, which a comb can change

    /// Room for bins() values: a spectrum that lies here when it is analysed, and when it is synthesised, needn't be copied. Lost by
    /// each analyse() and synthesise() of another.
    std::span<std::complex<float>> spectrum() noexcept;
    /// frame: window() samples → spectrum: bins() values, analysis window applied.
    void analyse(std::span<const float> frame, std::span<std::complex<float>> spectrum) noexcept;
    /// spectrum → features() floats, roughly −3..3: per band, log energy less its running mean; then log energy relative to a
    /// slow broadband level; then, where the configuration has them, log energy above the band's noise floor, and its periodicity
    /// (periodicity.h). Advances the running means: call once a network step, in order.
    void features(std::span<const std::complex<float>> spectrum, std::span<float> features) noexcept;
    /// A frame at which the network doesn't step. Only with DenoiserConfig::comb does it matter.
    void pass(std::span<const std::complex<float>> spectrum) noexcept;
    /// The spectrum one period of the voice before the frame that features() or pass() has heard last, earlier_bins() bins or more; beyond
    /// them that frame's own, which is to be given. Only where the configuration has a comb.
    void earlier(std::span<const std::complex<float>> spectrum, std::span<std::complex<float>> earlier) const noexcept;
    /// spectrum += share · (earlier − spectrum) of as many bins as `earlier` has, bands() shares 0..1 spread as gains are.
    void mix(std::span<const float> band_shares, std::span<const std::complex<float>> earlier,
             std::span<std::complex<float>> spectrum) const noexcept;
    /// spectrum *= bands() gains 0..1, spread over bins in a straight line from band to band; above the trained bandwidth the top band's.
    void apply(std::span<const float> band_gains, std::span<std::complex<float>> spectrum) const noexcept;
    /// Adjoint of that spreading: gradient over bins → gradient over bands.
    void spread_adjoint(std::span<const float> bin_gradient, std::span<float> band_gradient) const noexcept;
    /// Power of each band, for ideal gains and displays.
    void band_powers(std::span<const std::complex<float>> spectrum, std::span<float> powers) const noexcept;
    /// Adjoint of band_powers() at `spectrum`: gradient of the powers → gradient of the spectrum (dL/dRe + i·dL/dIm per bin).
    void band_powers_adjoint(std::span<const float> power_gradient, std::span<const std::complex<float>> spectrum,
                             std::span<std::complex<float>> spectrum_gradient) const noexcept;
    /// spectrum → latency() samples, synthesis window applied, to be overlap-added every hop() samples.
    void synthesise(std::span<const std::complex<float>> spectrum, std::span<float> frame) noexcept;
    /// Adjoint of synthesise(): latency() gradients → gradient of the spectrum (dL/dRe + i·dL/dIm per bin).
    void synthesise_adjoint(std::span<const float> frame_gradient,
                            std::span<std::complex<float>> spectrum_gradient) noexcept;
    /// Forgets the running means and floors.
    void reset() noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace gruve
