#include "offline_search/denoise_loss.h"

#include <cmath>
#include <numbers>

namespace gruve {
namespace {

constexpr float compression = 0.3f;     // of magnitudes
constexpr double snr_ceiling = 1e-4;    // no more reward beyond 40 dB, so that easy mixtures don't lead
constexpr float least_gain = 1e-3f;     // keeps the slope of gain^0.3 finite

/// x^exponent, x ≥ 0; several times as fast as pow().
Eigen::ArrayXXf power(const Eigen::ArrayXXf& x, float exponent) { return (exponent * x.max(1e-30f).log()).exp(); }

Matrix compressed_powers(DenoiserBands& bands, const Spectra& spectra) {
    Matrix powers(bands.bands(), spectra.cols());
    for (Eigen::Index f = 0; f < spectra.cols(); ++f)
        bands.band_powers(std::span(spectra.col(f).data(), static_cast<std::size_t>(spectra.rows())),
                          std::span(powers.col(f).data(), static_cast<std::size_t>(powers.rows())));
    return power(powers.array(), compression / 2);
}

/// −SNR in dB, or for noise alone how much of it is left, in dB.
double snr_loss(const DenoiseExample& example, const std::vector<float>& output, double weight, std::vector<float>& gradient) {
    double signal = 0, error = 0;
    for (std::size_t i = 0; i < output.size(); ++i) {
        signal += static_cast<double>(example.clean[i]) * static_cast<double>(example.clean[i]);
        error += std::pow(static_cast<double>(output[i]) - static_cast<double>(example.clean[i]), 2);
    }
    const double reference = signal > 0 ? signal : example.noisy_energy;
    if (reference <= 0) return 0;
    const double limited = error + snr_ceiling * reference;
    const auto slope = static_cast<float>(weight * 20 / std::numbers::ln10 / limited);
    for (std::size_t i = 0; i < output.size(); ++i) gradient[i] += slope * (output[i] - example.clean[i]);
    return weight * 10 * std::log10(limited / reference);
}

/// Σ (|S|^c − (g|X|)^c)² / Σ |X|^2c over bands and frames.
double magnitude_loss(const DenoiseExample& example, const Matrix& gains, float weight, Matrix& gradient) {
    const auto clean = example.clean_power.array(), noisy = example.noisy_power.array();
    const float total = noisy.square().sum();
    if (total <= 0) return 0;
    const Eigen::ArrayXXf limited = gains.array().max(least_gain);
    const Eigen::ArrayXXf played = power(limited, compression) * noisy;
    const Eigen::ArrayXXf error = played - clean;
    gradient.array() += (weight * 2 * compression / total) * error * played / limited;
    return static_cast<double>(weight) * static_cast<double>(error.square().sum() / total);
}

}  // namespace

DenoiseExample make_example(DenoiserBands& bands, int net_every, int rate_hz, std::span<const float> clean, std::span<const float> noisy) {
    DenoiseExample example;
    example.frames = make_frames(bands, net_every, noisy);
    const int frames = example.frames.frames();
    const auto count = static_cast<std::size_t>(complete_samples(bands, frames));
    example.clean.assign(clean.begin(), clean.begin() + static_cast<std::ptrdiff_t>(count));
    for (float v : noisy.first(count)) example.noisy_energy += static_cast<double>(v) * static_cast<double>(v);
    example.clean_power = compressed_powers(bands, make_spectra(bands, clean, frames));
    example.noisy_power = compressed_powers(bands, example.frames.noisy);
    example.intelligibility.emplace(example.clean, rate_hz);
    return example;
}

double denoise_loss(DenoiserBands& bands, const DenoiseLossWeights& weights, const DenoiseExample& example, const Matrix& gains,
                    Matrix& gradient) {
    const std::vector<float> output = apply_gains(bands, example.frames.noisy, gains);
    std::vector<float> sample_gradient(output.size());
    double loss = snr_loss(example, output, static_cast<double>(weights.snr), sample_gradient);
    if (weights.intelligibility > 0 && !example.intelligibility->empty()) {
        const auto weight = static_cast<double>(weights.intelligibility);
        loss += weight * (*example.intelligibility)(output, weight, sample_gradient);
    }
    gradient = apply_gains_adjoint(bands, example.frames.noisy, sample_gradient);
    return loss + magnitude_loss(example, gains, weights.magnitude, gradient);
}

}  // namespace gruve
