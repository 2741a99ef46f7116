#include "offline_search/tasks/denoising/measures/perceptual_loss.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <iterator>
#include <numbers>
#include <stdexcept>

#include "engine/front_end/real_fft.h"
#include "offline_search/tasks/denoising/measures/pesq_bands.h"

namespace gruve {
namespace {

using Bands = Eigen::ArrayXXf;  // bands × frames
using Row = Eigen::ArrayXf;     // a value a frame, or a band

constexpr int size = 512, hop = 256, bands = std::size(pesq_bands);
constexpr int pooled = 20, pool_hop = 10;  // frames whose disturbances are averaged by their sixth power
constexpr float standard_level = 1e7f;     // power of speech between 325 and 3250 Hz
constexpr float power_calibration = 6.910853e-6f, loudness_calibration = 0.1866055f;
constexpr float most_disturbance = 45, symmetric_weight = 0.1f, asymmetric_weight = 0.0309f;
constexpr float floor_power = 50;

/// The tables as arrays, and the weight of each bin: P.862.2's input filter, by its power.
struct Tables {
    Row threshold{bands}, exponent{bands}, width{bands}, correction{bands}, bin_weight{size / 2 + 1}, window{size};
    float total_width = 0;  // the lowest band isn't heard
    Tables() {
        for (int b = 0; b < bands; ++b) {
            const PesqBand& band = pesq_bands[b];
            threshold(b) = std::pow(10.0f, band.threshold_db / 10);
            exponent(b) = 0.23f * std::pow(std::clamp(6 / (band.centre_bark + 2), 1.0f, 2.0f), 0.15f);
            width(b) = b == 0 ? 0 : band.width_bark;
            correction(b) = band.correction * power_calibration;
        }
        total_width = width.sum();
        for (int k = 0; k <= size / 2; ++k) {
            const auto z = std::polar(1.0, -2 * std::numbers::pi * k / size);
            const auto response = 2.740826 * (1.0 - 2.0 * z + z * z) / (1.0 - 1.9444777 * z + 0.94597794 * z * z);
            bin_weight(k) = k == 0 ? 0 : static_cast<float>(std::norm(response));
        }
        for (int n = 0; n < size; ++n)
            window(n) = static_cast<float>(0.5 - 0.5 * std::cos(2 * std::numbers::pi * n / size));
    }
};
const Tables& tables() {
    static const Tables made;
    return made;
}

RealFft& transform() {
    thread_local RealFft fft(size);
    return fft;
}

int frames_of(std::size_t samples) { return samples < size ? 0 : (static_cast<int>(samples) - size) / hop + 1; }

/// Transforms frame f of scale · samples.
Eigen::Map<Eigen::ArrayXcf> spectrum(std::span<const float> samples, int f, float scale) {
    RealFft& fft = transform();
    Eigen::Map<Row>(fft.samples().data(), size) =
        scale * tables().window * Eigen::Map<const Row>(samples.data() + f * hop, size);
    fft.forward();
    return {fft.spectrum().data(), size / 2 + 1};
}

Bands band_powers(std::span<const float> samples, float scale) {
    Bands powers(bands, frames_of(samples.size()));
    for (int f = 0; f < powers.cols(); ++f) {
        const Row bins = spectrum(samples, f, scale).abs2() * tables().bin_weight;
        for (int b = 0, k = 0; b < bands; k += pesq_bands[b++].bins)
            powers(b, f) = tables().correction(b) * bins.segment(k, pesq_bands[b].bins).sum();
    }
    return powers;
}

/// The sum of the bands whose power is above `factor` thresholds, a frame each.
Row audible(const Bands& powers, float factor) {
    const auto heard = powers > (factor * tables().threshold).replicate(1, powers.cols());
    return heard.select(powers, 0.0f).colwise().sum().transpose();
}

/// The mean power a band in frames with speech.
Row mean_audible(const Bands& powers, const Row& silent) {
    const auto heard = powers > (100 * tables().threshold).replicate(1, powers.cols());
    return (heard.select(powers, 0.0f).rowwise() * (1 - silent).transpose()).rowwise().mean();
}

/// Zwicker's loudness in sone per bark, and its slope.
void loudness(const Bands& powers, Bands& loud, Bands& slope) {
    const Tables& t = tables();
    loud.resizeLike(powers);
    slope.resizeLike(powers);
    const Row base = loudness_calibration * (2 * t.threshold).pow(t.exponent);
    for (Eigen::Index f = 0; f < powers.cols(); ++f) {
        const Row x = 0.5f + 0.5f * powers.col(f) / t.threshold;
        const Row grown = x.pow(t.exponent);
        const auto heard = powers.col(f) > t.threshold;
        loud.col(f) = heard.select(base * (grown - 1), 0.0f);
        slope.col(f) = heard.select(base * t.exponent * grown / x * 0.5f / t.threshold, 0.0f);
    }
}

/// PESQ's average over time: groups of frames by the sixth power, then squares. Sets `slope`, one value a frame.
double pool(const Row& disturbance, Row& slope) {
    const Eigen::Index groups = (disturbance.size() - pooled) / pool_hop + 1;
    Row value(groups);
    for (Eigen::Index g = 0; g < groups; ++g)
        value(g) = std::pow(disturbance.segment(g * pool_hop, pooled).pow(6).mean() + 1e-20f, 1.0f / 6);
    const double result = std::sqrt(static_cast<double>(value.square().mean()) + 1e-12);
    slope = Row::Zero(disturbance.size());
    for (Eigen::Index g = 0; g < groups; ++g)
        slope.segment(g * pool_hop, pooled) += (disturbance.segment(g * pool_hop, pooled) / value(g)).pow(5) *
                                               value(g) /
                                               static_cast<float>(pooled * static_cast<double>(groups) * result);
    return result;
}

/// The loss of the band powers `played`. Sets `slope` to its gradient. `quietness` divides a frame's disturbance.
double disturbance(const Bands& clean, const Bands& played, const Row& quietness, Bands& slope) {
    const Tables& t = tables();
    Bands clean_loud, loud, unused, loud_slope;
    loudness(clean, clean_loud, unused);
    loudness(played, loud, loud_slope);
    const Bands difference = loud - clean_loud, masked = 0.25f * loud.min(clean_loud);
    const Bands size_left = (difference.abs() - masked).max(0.0f);
    const Bands factor = ((played + floor_power) / (clean + floor_power)).pow(1.2f);
    const Bands asymmetry = (factor < 3).select(0.0f, factor.min(12.0f));

    const Bands weighted = size_left.colwise() * t.width;
    const Row symmetric = (t.total_width * weighted.square().colwise().sum().transpose() + 1e-12f).sqrt();
    const Row asymmetric = (weighted * asymmetry).colwise().sum().transpose();
    const Row s = (symmetric / quietness).min(most_disturbance), a = (asymmetric / quietness).min(most_disturbance);
    Row s_slope, a_slope;
    const double loss = static_cast<double>(symmetric_weight) * pool(s, s_slope) +
                        static_cast<double>(asymmetric_weight) * pool(a, a_slope);
    s_slope *= (s < most_disturbance).select(symmetric_weight * t.total_width / (quietness * symmetric), 0.0f);
    a_slope *= (a < most_disturbance).select(asymmetric_weight / quietness, 0.0f);
    // size_left grows with the processed loudness by 1 above the clean one, and falls by 1.25 below it.
    const Bands direction =
        (size_left > 0).select((difference > 0).select(Bands::Ones(bands, clean.cols()), -1.25f), 0.0f);
    const Bands by_size = weighted.rowwise() * s_slope.transpose() + asymmetry.rowwise() * a_slope.transpose();
    slope = direction * loud_slope * (by_size.colwise() * t.width);
    return loss;
}

}  // namespace

PerceptualLoss::PerceptualLoss(std::span<const float> clean, int rate_hz) {
    if (rate_hz != 16000)
        throw std::invalid_argument("PerceptualLoss works at 16000 Hz, not " + std::to_string(rate_hz));
    const int frames = frames_of(clean.size());
    if (frames < pooled) return;
    double power = 0;
    for (int f = 0; f < frames; ++f)
        power += static_cast<double>(spectrum(clean, f, 1).abs2().segment(10, 94).sum());  // 325 … 3250 Hz
    power *= 2.0 / size / 0.75 / static_cast<double>(clean.size() + 5120) / 1.04684;       // 0.75: overlapping windows
    if (power < 1e-10) return;
    scale_ = static_cast<float>(std::sqrt(static_cast<double>(standard_level) / power));
    clean_ = band_powers(clean, scale_);
    silent_ = (audible(clean_, 100) < standard_level).cast<float>();
}

double PerceptualLoss::operator()(std::span<const float> processed, double weight, std::span<float> gradient) const {
    if (empty()) return 0;
    const Bands played = band_powers(processed, scale_);
    // The frequency response of the transmission, then the level of each frame, aren't disturbances.
    const Row response =
        ((mean_audible(played, silent_) + 1000) / (mean_audible(clean_, silent_) + 1000)).max(0.01f).min(100.0f);
    const Bands clean = clean_.colwise() * response;
    const Row level = (audible(clean, 1) + 5e3f) / (audible(played, 1) + 5e3f);
    Row gain = level;
    gain.tail(gain.size() - 1) = 0.8f * level.tail(gain.size() - 1) + 0.2f * level.head(gain.size() - 1);
    gain = gain.max(3e-4f).min(5.0f);
    const Row quietness = ((audible(clean, 1) + 1e5f) / standard_level).pow(0.04f);
    Bands slope;
    const double loss = disturbance(clean, played.rowwise() * gain.transpose(), quietness, slope);
    if (gradient.empty()) return weight * loss;
    const auto factor = static_cast<float>(weight);
    for (int f = 0; f < played.cols(); ++f) {
        auto bins = spectrum(processed, f, scale_);
        Row by_power(bins.size());
        by_power.setZero();
        for (int b = 0, k = 0; b < bands; k += pesq_bands[b++].bins)
            by_power.segment(k, pesq_bands[b].bins).setConstant(slope(b, f) * gain(f) * tables().correction(b));
        bins *= factor * by_power * tables().bin_weight;  // half of dLoss/dBin: inverse() counts each bin twice
        bins(size / 2) *= 2;
        transform().inverse();
        Eigen::Map<Row>(&gradient[static_cast<std::size_t>(f * hop)], size) +=
            scale_ * tables().window * Eigen::Map<const Row>(transform().samples().data(), size);
    }
    return weight * loss;
}

}  // namespace gruve
