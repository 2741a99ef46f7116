// The denoiser's analysis, features, gains and synthesis, one frame at a time. Training uses the same class.
#pragma once

#include <complex>
#include <memory>
#include <span>

#include "engine/preset.h"

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

    /// frame: window() samples → spectrum: bins() values, analysis window applied.
    void analyse(std::span<const float> frame, std::span<std::complex<float>> spectrum) noexcept;
    /// spectrum → features() floats, roughly −3..3: per band, log energy less its running mean; then log energy relative to a
    /// slow broadband level; then, where the configuration has them, log energy above the band's noise floor, and its periodicity
    /// (periodicity.h). Advances the running means: call once a network step, in order.
    void features(std::span<const std::complex<float>> spectrum, std::span<float> features) noexcept;
    /// bands() gains 0..1 → bins() gains, interpolated; above the trained bandwidth the top band's gain.
    void spread(std::span<const float> band_gains, std::span<float> bin_gains) const noexcept;
    /// Multiplies the spectrum by spread() of the gains.
    void apply(std::span<const float> band_gains, std::span<std::complex<float>> spectrum) const noexcept;
    /// Adjoint of spread(): gradient over bins → gradient over bands.
    void spread_adjoint(std::span<const float> bin_gradient, std::span<float> band_gradient) const noexcept;
    /// Power of each band, for ideal gains and displays.
    void band_powers(std::span<const std::complex<float>> spectrum, std::span<float> powers) const noexcept;
    /// spectrum → latency() samples, synthesis window applied, to be overlap-added every hop() samples.
    void synthesise(std::span<const std::complex<float>> spectrum, std::span<float> frame) noexcept;
    /// Adjoint of synthesise(): latency() gradients → gradient of the spectrum (dL/dRe + i·dL/dIm per bin).
    void synthesise_adjoint(std::span<const float> frame_gradient, std::span<std::complex<float>> spectrum_gradient) noexcept;
    /// Forgets the running means and floors.
    void reset() noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace gruve
