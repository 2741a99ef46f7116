#include "offline_search/tasks/denoising/measures/intelligibility_loss.h"

#include <Eigen/Core>
#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <memory>
#include <numbers>

#include "engine/front_end/real_fft.h"

namespace gruve {
namespace {

constexpr int bands = 15, segment = 30;
constexpr double lowest_band_hz = 150.0, frame_s = 0.0256, hop_s = 0.0128;
constexpr float dynamic_range = 1e-4f;     // in power: 40 dB
constexpr float clip_factor = 6.6234133f;  // 1 + 10^(15/20)
constexpr float tiny = 1e-9f;

using Row = Eigen::Array<float, 1, segment>;
using Spectrum = std::vector<std::complex<float>>;

/// One transform per thread, because planning takes longer than many transforms.
RealFft& transform(int size) {
    thread_local std::unique_ptr<RealFft> fft;
    if (!fft || static_cast<int>(fft->samples().size()) != size) fft = std::make_unique<RealFft>(size);
    return *fft;
}

/// The correlation of a segment of one band, clean x and processed y. Adds scale · d(correlation)/dy to `gradient`.
float correlate(const Row& x, const Row& y, float scale, Eigen::Ref<Row> gradient) {
    const Row x_centred = x - x.mean();
    const float x_norm = x_centred.matrix().norm() + tiny, y_energy = y.square().sum() + tiny;
    const float gain = std::sqrt(x.square().sum() / y_energy);
    const Row scaled = y * gain, limit = x * clip_factor, clipped = scaled.min(limit);
    const Row centred = clipped - clipped.mean();
    const float norm = centred.matrix().norm() + tiny;
    const float correlation = (x_centred * centred).sum() / (x_norm * norm);
    const Row slope =
        (scaled < limit).select((x_centred / x_norm - correlation * centred / norm) / norm, 0.0f);  // d/d clipped
    gradient += scale * gain * (slope - y * (slope * y).sum() / y_energy);
    return correlation;
}

}  // namespace

IntelligibilityLoss::IntelligibilityLoss(std::span<const float> clean, int rate_hz)
    : hop_(static_cast<int>(std::lround(hop_s * rate_hz))),
      frame_(static_cast<int>(std::lround(frame_s * rate_hz))),
      fft_size_(static_cast<int>(std::bit_ceil(static_cast<unsigned>(frame_)))) {
    for (int i = 0; i < frame_; ++i)
        window_.push_back(static_cast<float>(0.5 - 0.5 * std::cos(2 * std::numbers::pi * (i + 1) / (frame_ + 1))));
    for (int band = 0; band <= bands; ++band)
        band_edges_.push_back(
            static_cast<int>(std::lround(lowest_band_hz * std::exp2((2 * band - 1) / 6.0) * fft_size_ / rate_hz)));

    std::vector<float> energy;
    for (std::size_t start = 0; start + window_.size() < clean.size(); start += static_cast<std::size_t>(hop_)) {
        float sum = 0;
        for (std::size_t i = 0; i < window_.size(); ++i) {
            const float v = window_[i] * clean[start + i];
            sum += v * v;
        }
        energy.push_back(sum);
    }
    const float loudest = energy.empty() ? 0 : *std::max_element(energy.begin(), energy.end());
    for (std::size_t f = 0; f < energy.size(); ++f)
        if (energy[f] > loudest * dynamic_range) active_.push_back(static_cast<int>(f));

    envelopes_.resize(active_.size() * bands);
    for (std::size_t f = 0; f < active_.size(); ++f)
        analyse(clean, static_cast<int>(f), std::span(envelopes_).subspan(f * bands, bands));
}

std::span<const std::complex<float>> IntelligibilityLoss::analyse(std::span<const float> samples, int frame,
                                                                  std::span<float> envelope) const {
    RealFft& fft = transform(fft_size_);
    const auto start = static_cast<std::size_t>(active_[static_cast<std::size_t>(frame)] * hop_);
    for (std::size_t i = 0; i < window_.size(); ++i) fft.samples()[i] = window_[i] * samples[start + i];
    std::fill(fft.samples().begin() + frame_, fft.samples().end(), 0.0f);
    fft.forward();
    for (std::size_t band = 0; band < bands; ++band) {
        float power = 0;
        for (int k = band_edges_[band]; k < band_edges_[band + 1]; ++k)
            power += std::norm(fft.spectrum()[static_cast<std::size_t>(k)]);
        envelope[band] = std::sqrt(power);
    }
    return fft.spectrum();
}

int IntelligibilityLoss::segments() const { return static_cast<int>(active_.size()) - segment + 1; }

double IntelligibilityLoss::operator()(std::span<const float> processed, double weight,
                                       std::span<float> gradient) const {
    if (empty()) return 0;
    const auto frames = static_cast<Eigen::Index>(active_.size());
    const Eigen::Map<const Eigen::ArrayXXf> clean(envelopes_.data(), bands, frames);
    Eigen::ArrayXXf envelope(bands, frames), envelope_gradient = Eigen::ArrayXXf::Zero(bands, frames);
    std::vector<Spectrum> spectra(active_.size());
    for (Eigen::Index f = 0; f < frames; ++f) {
        const auto spectrum = analyse(processed, static_cast<int>(f), std::span(envelope.col(f).data(), bands));
        spectra[static_cast<std::size_t>(f)].assign(spectrum.begin(), spectrum.begin() + band_edges_.back());
    }

    double correlation = 0;
    const auto scale = static_cast<float>(-weight / (segments() * bands));
    for (int band = 0; band < bands; ++band)
        for (int s = 0; s < segments(); ++s) {
            Row row_gradient = Row::Zero();
            correlation += static_cast<double>(
                correlate(clean.block<1, segment>(band, s), envelope.block<1, segment>(band, s), scale, row_gradient));
            envelope_gradient.block<1, segment>(band, s) += row_gradient;
        }

    // Backward through the envelopes, the transform and the window. The factor 0.5 is there because a real inverse
    // transform counts every bin twice, as itself and as its conjugate.
    RealFft& fft = transform(fft_size_);
    for (Eigen::Index f = 0; f < frames; ++f) {
        std::fill(fft.spectrum().begin(), fft.spectrum().end(), 0.0f);
        for (int band = 0; band < bands; ++band)
            for (int k = band_edges_[band]; k < band_edges_[band + 1]; ++k)
                fft.spectrum()[static_cast<std::size_t>(k)] =
                    spectra[static_cast<std::size_t>(f)][static_cast<std::size_t>(k)] *
                    (0.5f * envelope_gradient(band, f) / (envelope(band, f) + tiny));
        fft.inverse();
        const auto start = static_cast<std::size_t>(active_[static_cast<std::size_t>(f)] * hop_);
        for (std::size_t i = 0; i < window_.size(); ++i) gradient[start + i] += window_[i] * fft.samples()[i];
    }
    return 1 - correlation / (static_cast<double>(segments()) * bands);
}

}  // namespace gruve
