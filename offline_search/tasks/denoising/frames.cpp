#include "offline_search/tasks/denoising/frames.h"

#include <algorithm>
#include <utility>

#include "offline_search/tasks/denoising/band_adjoints.h"

namespace gruve {
namespace {

void mix(const DenoiserBands& bands, const DenoiseFrames& frames, const Matrix& played, int f,
         std::span<std::complex<float>> spectrum) {
    bands.mix(column(played, f).subspan(static_cast<std::size_t>(bands.bands())), column(frames.earlier, f), spectrum);
}

/// spectrum_of(f, spectrum) writes the spectrum of frame f, to which the gains are applied.
template <class SpectrumOf>
std::vector<float> overlap_add(DenoiserBands& bands, int frames, const Matrix& played, SpectrumOf spectrum_of) {
    const int hop = bands.hop();
    std::vector<float> output(static_cast<std::size_t>((frames + 1) * hop)),
        frame(static_cast<std::size_t>(bands.latency()));
    const std::span<std::complex<float>> spectrum = bands.spectrum();
    for (int f = 0; f < frames; ++f) {
        spectrum_of(f, spectrum);
        bands.apply(column(played, f).first(static_cast<std::size_t>(bands.bands())), spectrum);
        bands.synthesise(spectrum, frame);
        for (std::size_t i = 0; i < frame.size(); ++i) output[static_cast<std::size_t>(f * hop) + i] += frame[i];
    }
    // The first hop lies before the recording, and the last one is incomplete without the next frame.
    return {output.begin() + hop, output.end() - hop};
}

}  // namespace

Spectra make_spectra(DenoiserBands& bands, std::span<const float> samples, int frames) {
    const auto history = static_cast<std::size_t>(bands.window() - bands.hop());
    std::vector<float> padded(history + static_cast<std::size_t>(frames * bands.hop()));
    std::copy_n(samples.begin(), std::min(samples.size(), padded.size() - history),
                padded.begin() + static_cast<std::ptrdiff_t>(history));
    Spectra spectra(bands.bins(), frames);
    for (int f = 0; f < frames; ++f)
        bands.analyse(std::span(padded).subspan(static_cast<std::size_t>(f * bands.hop()),
                                                static_cast<std::size_t>(bands.window())),
                      column(spectra, f));
    return spectra;
}

DenoiseFrames make_frames(DenoiserBands& bands, const DenoiserConfig& config, std::span<const float> samples,
                          DenoiserStage* first) {
    const int net_every = config.net_every;
    const int steps = static_cast<int>(samples.size()) / bands.hop() / net_every;
    DenoiseFrames result{Matrix(bands.features(), steps), make_spectra(bands, samples, steps * net_every), {}};
    if (first != nullptr) {
        first->reset();
        for (int f = 0; f < result.frames(); ++f) {
            first->hear(column(std::as_const(result.noisy), f));
            first->play(column(result.noisy, f));
        }
    }
    const int heard = result.frames(), played = std::max(heard - config.look_ahead, 0);
    if (bands.has_comb()) result.earlier.resize(bands.bins(), played);
    bands.reset();
    for (int f = 0; f < heard; ++f) {
        const auto spectrum = column(std::as_const(result.noisy), f);
        if (f % net_every == 0)
            bands.features(spectrum, column(result.features, f / net_every));
        else
            bands.pass(spectrum);
        if (bands.has_comb() && f < played) bands.earlier(spectrum, column(result.earlier, f));
    }
    if (played < heard) result.noisy.conservativeResize(Eigen::NoChange, played);
    return result;
}

Spectra mixed(const DenoiserBands& bands, const DenoiseFrames& frames, const Matrix& played) {
    Spectra spectra = frames.noisy;
    if (bands.has_comb())
        for (int f = 0; f < frames.frames(); ++f) mix(bands, frames, played, f, column(spectra, f));
    return spectra;
}

std::vector<float> apply_gains(DenoiserBands& bands, const Spectra& spectra, const Matrix& played) {
    return overlap_add(bands, static_cast<int>(spectra.cols()), played,
                       [&](int f, std::span<std::complex<float>> spectrum) {
                           std::ranges::copy(column(spectra, f), spectrum.begin());
                       });
}

std::vector<float> enhance(DenoiserBands& bands, const DenoiseFrames& frames, const Matrix& played) {
    return overlap_add(bands, frames.frames(), played, [&](int f, std::span<std::complex<float>> spectrum) {
        std::ranges::copy(column(frames.noisy, f), spectrum.begin());
        if (bands.has_comb()) mix(bands, frames, played, f, spectrum);
    });
}

Spectra synthesis_adjoint(DenoiserBands& bands, int frames, std::span<const float> sample_gradient) {
    const int hop = bands.hop();
    std::vector<float> padded(static_cast<std::size_t>((frames + 1) * hop));
    std::copy(sample_gradient.begin(), sample_gradient.end(), padded.begin() + hop);
    Spectra gradient(bands.bins(), frames);
    for (int f = 0; f < frames; ++f)
        synthesise_adjoint(
            bands,
            std::span(padded).subspan(static_cast<std::size_t>(f * hop), static_cast<std::size_t>(bands.latency())),
            column(gradient, f));
    return gradient;
}

Matrix gains_adjoint(const DenoiserBands& bands, const Spectra& spectra, const Spectra& gradient) {
    Matrix result(bands.bands(), spectra.cols());
    Eigen::VectorXf bin_gradient(spectra.rows());
    for (int f = 0; f < static_cast<int>(spectra.cols()); ++f) {
        bin_gradient = spectra.col(f).conjugate().cwiseProduct(gradient.col(f)).real();  // d(g·X) = X·dg
        spread_adjoint(bands,
                       std::span<const float>(bin_gradient.data(), static_cast<std::size_t>(bin_gradient.size())),
                       column(result, f));
    }
    return result;
}

}  // namespace gruve
