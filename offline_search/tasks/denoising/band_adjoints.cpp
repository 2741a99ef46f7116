#include "offline_search/tasks/denoising/band_adjoints.h"

#include <algorithm>
#include <utility>

#include "engine/front_end/band_layout.h"
#include "engine/front_end/real_fft.h"

namespace gruve {

void spread_adjoint(const DenoiserBands& bands, std::span<const float> bin_gradient, std::span<float> band_gradient) {
    const BandLayout& layout = bands.layout();
    const std::span<const float> upper_share = layout.upper_share();
    std::ranges::fill(band_gradient, 0.0f);
    for (int s = 0; s <= layout.bands(); ++s) {
        const int end = std::min(layout.segment_begin(s + 1), static_cast<int>(bin_gradient.size()));
        float all = 0, upper = 0;
        for (int k = layout.segment_begin(s); k < end; ++k) {
            const auto i = static_cast<std::size_t>(k);
            all += bin_gradient[i];
            upper += upper_share[i] * bin_gradient[i];
        }
        band_gradient[static_cast<std::size_t>(std::max(s - 1, 0))] += all - upper;
        band_gradient[static_cast<std::size_t>(std::min(s, layout.bands() - 1))] += upper;
    }
    const auto [begin, end] = layout.high_bands();
    const float share = std::exchange(band_gradient.back(), 0.0f) / static_cast<float>(end - begin);
    for (int b = begin; b < end; ++b) band_gradient[static_cast<std::size_t>(b)] += share;
}

void band_powers_adjoint(const DenoiserBands& bands, std::span<const float> power_gradient,
                         std::span<const std::complex<float>> spectrum,
                         std::span<std::complex<float>> spectrum_gradient) {
    const BandLayout& layout = bands.layout();
    const std::span<const float> upper_share = layout.upper_share();
    const float scale = bands.power_scale();
    std::ranges::fill(spectrum_gradient, std::complex<float>());
    for (int s = 0; s <= layout.bands(); ++s) {
        const float below = s > 0 ? power_gradient[static_cast<std::size_t>(s - 1)] : 0.0f;
        const float above = s < layout.bands() ? power_gradient[static_cast<std::size_t>(s)] : 0.0f;
        const int end = std::min(layout.segment_begin(s + 1), layout.power_end());
        for (int k = std::max(layout.segment_begin(s), 1); k < end; ++k) {
            const auto i = static_cast<std::size_t>(k);
            spectrum_gradient[i] = 2 * scale * (below + upper_share[i] * (above - below)) * spectrum[i];
        }
    }
}

void synthesise_adjoint(DenoiserBands& bands, std::span<const float> frame_gradient,
                        std::span<std::complex<float>> spectrum_gradient) {
    RealFft& fft = bands.fft();
    const std::span<const float> window = bands.synthesis_window();
    const std::span<float> samples = fft.samples();
    const std::size_t silent = samples.size() - window.size();
    std::ranges::fill(samples.first(silent), 0.0f);
    for (std::size_t i = 0; i < window.size(); ++i) samples[silent + i] = frame_gradient[i] * window[i];
    fft.forward();
    const auto spectrum = fft.spectrum();
    // The inverse transform counts each bin twice, as itself and as its conjugate, except bin 0 and, at even lengths,
    // the last.
    const std::size_t single_last = bands.window() % 2 == 0 ? spectrum.size() - 1 : 0;
    for (std::size_t k = 0; k < spectrum.size(); ++k)
        spectrum_gradient[k] = (k == 0 || k == single_last ? 1.0f : 2.0f) * spectrum[k];
}

}  // namespace gruve
