// Adjoints of the linear steps of DenoiserBands, by which training carries gradients back through them.
#pragma once

#include <complex>
#include <span>

#include "engine/front_end/denoiser_bands.h"

namespace gruve {

/// Adjoint of spreading band gains over bins, as DenoiserBands::apply() and mix() do: gradient over bins → gradient
/// over bands.
void spread_adjoint(const DenoiserBands& bands, std::span<const float> bin_gradient, std::span<float> band_gradient);
/// Adjoint of DenoiserBands::band_powers() at `spectrum`: gradient of the powers → gradient of the spectrum, dL/dRe +
/// i·dL/dIm for each bin.
void band_powers_adjoint(const DenoiserBands& bands, std::span<const float> power_gradient,
                         std::span<const std::complex<float>> spectrum,
                         std::span<std::complex<float>> spectrum_gradient);
/// Adjoint of DenoiserBands::synthesise(): latency() gradients → gradient of the spectrum, dL/dRe + i·dL/dIm for each
/// bin. Uses the memory of bands.fft().
void synthesise_adjoint(DenoiserBands& bands, std::span<const float> frame_gradient,
                        std::span<std::complex<float>> spectrum_gradient);

}  // namespace gruve
