#include "offline_search/denoise_frames.h"

#include <algorithm>
#include <utility>

namespace gruve {
namespace {

std::span<std::complex<float>> column(Spectra& m, int c) { return {m.col(c).data(), static_cast<std::size_t>(m.rows())}; }
std::span<const std::complex<float>> column(const Spectra& m, int c) { return {m.col(c).data(), static_cast<std::size_t>(m.rows())}; }
std::span<float> column(Matrix& m, int c) { return {m.col(c).data(), static_cast<std::size_t>(m.rows())}; }
std::span<const float> column(const Matrix& m, int c) { return {m.col(c).data(), static_cast<std::size_t>(m.rows())}; }

}  // namespace

Spectra make_spectra(DenoiserBands& bands, std::span<const float> samples, int frames) {
    const auto history = static_cast<std::size_t>(bands.window() - bands.hop());
    std::vector<float> padded(history + static_cast<std::size_t>(frames * bands.hop()));
    std::copy_n(samples.begin(), std::min(samples.size(), padded.size() - history), padded.begin() + static_cast<std::ptrdiff_t>(history));
    Spectra spectra(bands.bins(), frames);
    for (int f = 0; f < frames; ++f)
        bands.analyse(std::span(padded).subspan(static_cast<std::size_t>(f * bands.hop()), static_cast<std::size_t>(bands.window())),
                      column(spectra, f));
    return spectra;
}

DenoiseFrames make_frames(DenoiserBands& bands, int net_every, std::span<const float> samples) {
    const int steps = static_cast<int>(samples.size()) / bands.hop() / net_every;
    DenoiseFrames result{Matrix(bands.features(), steps), make_spectra(bands, samples, steps * net_every)};
    bands.reset();
    for (int t = 0; t < steps; ++t) bands.features(column(std::as_const(result.noisy), t * net_every), column(result.features, t));
    return result;
}

std::vector<float> apply_gains(DenoiserBands& bands, const Spectra& noisy, const Matrix& gains) {
    const int frames = static_cast<int>(noisy.cols()), hop = bands.hop();
    std::vector<float> output(static_cast<std::size_t>((frames + 1) * hop)), frame(static_cast<std::size_t>(bands.latency()));
    Eigen::VectorXf bin_gains(bands.bins());
    Eigen::VectorXcf spectrum(bands.bins());
    for (int f = 0; f < frames; ++f) {
        bands.spread(column(gains, f), std::span(bin_gains.data(), static_cast<std::size_t>(bin_gains.size())));
        spectrum = noisy.col(f).cwiseProduct(bin_gains.cast<std::complex<float>>());
        bands.synthesise(std::span(spectrum.data(), static_cast<std::size_t>(spectrum.size())), frame);
        for (std::size_t i = 0; i < frame.size(); ++i) output[static_cast<std::size_t>(f * hop) + i] += frame[i];
    }
    // The first hop lies before the recording, the last still waits for the next frame.
    return {output.begin() + hop, output.end() - hop};
}

Matrix apply_gains_adjoint(DenoiserBands& bands, const Spectra& noisy, std::span<const float> sample_gradient) {
    const int frames = static_cast<int>(noisy.cols()), hop = bands.hop();
    std::vector<float> padded(static_cast<std::size_t>((frames + 1) * hop));
    std::copy(sample_gradient.begin(), sample_gradient.end(), padded.begin() + hop);
    Matrix gradient(bands.bands(), frames);
    Eigen::VectorXcf spectrum(bands.bins());
    Eigen::VectorXf bin_gradient(bands.bins());
    for (int f = 0; f < frames; ++f) {
        bands.synthesise_adjoint(std::span(padded).subspan(static_cast<std::size_t>(f * hop), static_cast<std::size_t>(bands.latency())),
                                 std::span(spectrum.data(), static_cast<std::size_t>(spectrum.size())));
        bin_gradient = noisy.col(f).conjugate().cwiseProduct(spectrum).real();  // d(g·X) = X·dg
        bands.spread_adjoint(std::span<const float>(bin_gradient.data(), static_cast<std::size_t>(bin_gradient.size())), column(gradient, f));
    }
    return gradient;
}

}  // namespace gruve
