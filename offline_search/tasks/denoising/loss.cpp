#include "offline_search/tasks/denoising/loss.h"

#include <cmath>
#include <numbers>
#include <utility>

#include "datasets/mixing/mixer.h"
#include "offline_search/tasks/denoising/band_adjoints.h"
#include "offline_search/tasks/denoising/measures/spectral_loss.h"

namespace gruve {
namespace {

constexpr float compression = 0.3f;   // of magnitudes
constexpr double snr_ceiling = 1e-4;  // no further reward beyond 40 dB, so that easy mixtures don't dominate
constexpr float least_gain = 1e-3f;   // keeps the derivative of gain^0.3 finite

/// x^exponent for x ≥ 0, several times as fast as pow().
Eigen::ArrayXXf power(const Eigen::ArrayXXf& x, float exponent) { return (exponent * x.max(1e-30f).log()).exp(); }

Matrix band_powers(const DenoiserBands& bands, const Spectra& spectra) {
    Matrix powers(bands.bands(), spectra.cols());
    for (Eigen::Index f = 0; f < spectra.cols(); ++f) bands.band_powers(column(spectra, f), column(powers, f));
    return powers;
}

Matrix compressed_powers(const DenoiserBands& bands, const Spectra& spectra) {
    return power(band_powers(bands, spectra).array(), compression / 2);
}

/// −SNR in dB. Without speech: the level of the output relative to the input, in dB.
double snr_loss(const DenoiseExample& example, const std::vector<float>& output, double weight,
                std::vector<float>& gradient) {
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

/// −SI-SDR in dB, at least −30. Silence costs 20 dB, so that it never pays. 0 without speech.
double si_sdr_loss(const DenoiseExample& example, const std::vector<float>& output, double weight,
                   std::vector<float>& gradient) {
    constexpr double least_error = 1e-3, least_speech = 1e-5;  // shares of the clean energy
    double signal = 0, along = 0, energy = 0;
    for (std::size_t i = 0; i < output.size(); ++i) {
        const auto x = static_cast<double>(example.clean[i]), y = static_cast<double>(output[i]);
        signal += x * x, along += x * y, energy += y * y;
    }
    if (signal <= 0) return 0;
    const double scale = std::max(along / signal, 0.0);  // of the speech in the output
    const double speech = (scale * scale + least_speech) * signal;
    const double error = energy - scale * scale * signal + least_error * signal;
    const double slope = weight * 20 / std::numbers::ln10;
    for (std::size_t i = 0; i < output.size(); ++i) {
        const double of_speech = scale * static_cast<double>(example.clean[i]);
        gradient[i] +=
            static_cast<float>(slope * ((static_cast<double>(output[i]) - of_speech) / error - of_speech / speech));
    }
    return weight * 10 * std::log10(error / speech);
}

/// (g|Y|)^c over bands and frames, with the mixed Y (see mixed()), and what its gradient needs.
struct PlayedMagnitudes {
    Eigen::ArrayXXf limited;  // gains
    Matrix powers;            // of Y; empty without a comb filter
    Eigen::ArrayXXf values;
};

PlayedMagnitudes played_magnitudes(const DenoiserBands& bands, const DenoiseExample& example, const Spectra& mixed,
                                   const Matrix& gains) {
    const bool comb = bands.has_comb();
    PlayedMagnitudes m{gains.array().max(least_gain), comb ? band_powers(bands, mixed) : Matrix(), {}};
    m.values =
        power(m.limited, compression) * (comb ? power(m.powers.array(), compression / 2) : example.noisy_power.array());
    return m;
}

/// slope: dLoss/d log(g|Y|). Adds to the gradient of the gains and, with a comb filter, to that of Y.
void add_gradients(const DenoiserBands& bands, const PlayedMagnitudes& played, const Eigen::ArrayXXf& slope,
                   const Spectra& mixed, Matrix& gain_gradient, Spectra& mixed_gradient) {
    gain_gradient.array() += slope / played.limited;
    if (!bands.has_comb()) return;
    const Matrix power_gradient = 0.5f * slope / played.powers.array().max(1e-12f);
    Eigen::VectorXcf added(mixed.rows());
    for (Eigen::Index f = 0; f < mixed.cols(); ++f) {
        band_powers_adjoint(bands, column(power_gradient, f), column(mixed, f),
                            std::span(added.data(), static_cast<std::size_t>(added.size())));
        mixed_gradient.col(f) += added;
    }
}

/// Σ (|S|^c − (g|Y|)^c)² / Σ |X|^2c over bands and frames, with the clean S and the noisy X.
double magnitude_loss(const DenoiserBands& bands, const DenoiseExample& example, const Spectra& mixed,
                      const Matrix& gains, float weight, Matrix& gain_gradient, Spectra& mixed_gradient) {
    const float total = example.noisy_power.array().square().sum();
    if (total <= 0) return 0;
    const PlayedMagnitudes played = played_magnitudes(bands, example, mixed, gains);
    const Eigen::ArrayXXf error = played.values - example.clean_power.array();
    const Eigen::ArrayXXf slope = (weight * 2 * compression / total) * error * played.values;
    add_gradients(bands, played, slope, mixed, gain_gradient, mixed_gradient);
    return static_cast<double>(weight) * static_cast<double>(error.square().sum() / total);
}

/// Mean of w · (min(|S|, |X|)^c − (g|Y|)^c)² / |X|^2c over bands and frames: an error in a faint band counts like one
/// in a loud band. w is 6 in frames with speech and 1 elsewhere.
double cell_loss(const DenoiserBands& bands, const DenoiseExample& example, const Spectra& mixed, const Matrix& gains,
                 float weight, Matrix& gain_gradient, Spectra& mixed_gradient) {
    constexpr float faintest = 0.09f;  // of the largest compressed magnitude, −70 dB: fainter cells don't count
    constexpr float speech_share = 0.1f, speech_weight = 6.0f;  // share: of the loudest clean frame
    const Eigen::ArrayXXf noisy = example.noisy_power.array();
    const float largest = noisy.maxCoeff();
    if (largest <= 0) return 0;
    Eigen::ArrayXXf weights = (noisy > faintest * largest).select(1 / noisy.square(), 0.0f);
    const Eigen::ArrayXf speech = example.clean_power.array().square().colwise().sum().transpose();
    const float least_speech = speech_share * speech.maxCoeff();
    for (Eigen::Index f = 0; f < speech.size(); ++f)
        if (speech(f) > least_speech) weights.col(f) *= speech_weight;
    weights *= weight / static_cast<float>(noisy.size());

    const PlayedMagnitudes played = played_magnitudes(bands, example, mixed, gains);
    const Eigen::ArrayXXf error = played.values - example.clean_power.array().min(noisy);
    const Eigen::ArrayXXf slope = 2 * compression * weights * error * played.values;
    add_gradients(bands, played, slope, mixed, gain_gradient, mixed_gradient);
    return static_cast<double>((weights * error.square()).sum());
}

}  // namespace

DenoiseExample make_example(DenoiserBands& bands, const DenoiseLossWeights& weights, int rate_hz, DenoiseFrames made,
                            std::span<const float> clean, std::span<const float> noisy) {
    DenoiseExample example;
    example.frames = std::move(made);
    const int frames = example.frames.frames();
    const auto count = static_cast<std::size_t>(complete_samples(bands, frames));
    example.clean.assign(clean.begin(), clean.begin() + static_cast<std::ptrdiff_t>(count));
    for (float v : noisy.first(count)) example.noisy_energy += static_cast<double>(v) * static_cast<double>(v);
    example.clean_power = compressed_powers(bands, make_spectra(bands, clean, frames));
    example.noisy_power = compressed_powers(bands, example.frames.noisy);
    example.intelligibility.emplace(example.clean, rate_hz);
    if (weights.quality > 0) example.perceptual.emplace(example.clean, rate_hz);
    const double level = rms(example.clean);
    example.level = std::max(level > 1e-6 ? level : rms(noisy.first(count)), 1e-5);
    example.rate_hz = rate_hz;
    return example;
}

double denoise_loss(DenoiserBands& bands, const DenoiseLossWeights& weights, const DenoiseExample& example,
                    const Matrix& played, Matrix& gradient) {
    const DenoiseFrames& frames = example.frames;
    const Spectra mixed = gruve::mixed(bands, frames, played);
    const std::vector<float> output = apply_gains(bands, mixed, played);
    std::vector<float> sample_gradient(output.size());
    double loss = snr_loss(example, output, static_cast<double>(weights.snr), sample_gradient);
    if (weights.si_sdr > 0) loss += si_sdr_loss(example, output, static_cast<double>(weights.si_sdr), sample_gradient);
    if (weights.intelligibility > 0 && !example.intelligibility->empty()) {
        const auto weight = static_cast<double>(weights.intelligibility);
        loss += weight * (*example.intelligibility)(output, weight, sample_gradient);
    }
    if (weights.spectrum > 0)
        loss += SpectralLoss(example.rate_hz, {.left = weights.left})(
            example.clean, output, example.level, static_cast<double>(weights.spectrum), sample_gradient);
    if (example.perceptual)
        loss += (*example.perceptual)(output, static_cast<double>(weights.quality), sample_gradient);
    const Matrix gains = played.topRows(bands.bands());
    Spectra spectrum_gradient = synthesis_adjoint(bands, frames.frames(), sample_gradient);
    Matrix gain_gradient = gains_adjoint(bands, mixed, spectrum_gradient);
    if (bands.has_comb())  // turns spectrum_gradient into that of the mixed spectra
        for (Eigen::Index f = 0; f < mixed.cols(); ++f) bands.apply(column(gains, f), column(spectrum_gradient, f));
    if (weights.magnitude > 0)
        loss += magnitude_loss(bands, example, mixed, gains, weights.magnitude, gain_gradient, spectrum_gradient);
    if (weights.cells > 0)
        loss += cell_loss(bands, example, mixed, gains, weights.cells, gain_gradient, spectrum_gradient);
    gradient.resize(played.rows(), played.cols());
    gradient.topRows(bands.bands()) = gain_gradient;
    if (bands.has_comb())
        gradient.bottomRows(bands.bands()) = gains_adjoint(bands, frames.earlier - frames.noisy, spectrum_gradient);
    return loss;
}

}  // namespace gruve
