#include "offline_search/tasks/denoising/measures/spectral_loss.h"

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>
#include <utility>

#include "engine/front_end/real_fft.h"

namespace gruve {
namespace {

constexpr float compression = 0.3f, complex_share = 0.3f;
constexpr float least_power = 1e-6f;  // 60 dB below speech; keeps the slope of |Y|^0.3 finite

struct Resolution {
    double window_s, hop_s;
};
constexpr std::array<Resolution, 3> resolutions{{{0.020, 0.010}, {0.032, 0.016}, {0.064, 0.016}}};

using Bins = Eigen::ArrayXf;
using ComplexBins = Eigen::ArrayXcf;

/// One transform per size and thread, because planning takes longer than many transforms.
RealFft& transform(int size) {
    thread_local std::vector<std::pair<int, std::unique_ptr<RealFft>>> made;
    for (auto& [made_size, fft] : made)
        if (made_size == size) return *fft;
    return *made.emplace_back(size, std::make_unique<RealFft>(size)).second;
}

/// A Hann window of unit energy over `level`.
Bins window_of(int size, double level) {
    const Bins phase = Bins::LinSpaced(size, 0, static_cast<float>(2 * std::numbers::pi * (size - 1) / size));
    const Bins window = 0.5f - 0.5f * phase.cos();
    return window / (window.matrix().norm() * static_cast<float>(level));
}

Eigen::Map<const Bins> frame_of(std::span<const float> samples, int start, int size) {
    return {samples.data() + start, size};
}

ComplexBins spectrum_of(RealFft& fft, const Bins& window, Eigen::Map<const Bins> frame) {
    Eigen::Map<Bins>(fft.samples().data(), frame.size()) = window * frame;
    fft.forward();
    return Eigen::Map<const ComplexBins>(fft.spectrum().data(), static_cast<Eigen::Index>(fft.spectrum().size()));
}

struct Compressed {
    Bins square, magnitude, factor;  // |Z|² + least_power, |Z|^0.3, |Z|^(−0.7)
    explicit Compressed(const ComplexBins& z)
        : square(z.abs2() + least_power),
          magnitude((compression / 2 * square.log()).exp()),
          factor(magnitude * square.rsqrt()) {}
};

/// The sum of the losses of a frame's bins. Sets `slope`, if there is one, to dLoss/dRe + i·dLoss/dIm.
double bin_losses(const ComplexBins& clean, const ComplexBins& processed, float left, ComplexBins* slope) {
    const Compressed s(clean), y(processed);
    const Bins error = y.magnitude - s.magnitude;
    const Bins weighted = (1 - complex_share) * error * (error > 0).select(Bins::Constant(error.size(), left), 1.0f);
    const ComplexBins difference = processed * y.factor - clean * s.factor;
    const auto loss = static_cast<double>((weighted * error).sum() + complex_share * difference.abs2().sum());
    if (slope == nullptr) return loss;
    const Bins along = complex_share * (difference.conjugate() * processed).real();
    // d|Y|^p = p·|Y|^(p−2)·Re(conj(Y)·dY);  d(Y·|Y|^(p−1)) = |Y|^(p−1)·dY + Y·(p−1)·|Y|^(p−3)·Re(conj(Y)·dY)
    const Bins of_y = 2 * (compression * weighted * y.magnitude + (compression - 1) * along * y.factor) / y.square;
    *slope = of_y * processed + (2 * complex_share * y.factor) * difference;
    return loss;
}

/// Adds the gradient of a frame's samples.
void add_sample_gradient(RealFft& fft, const Bins& window, ComplexBins slope, float scale, float* gradient) {
    // inverse() counts each bin twice, as itself and as its conjugate, except the first, and the last of an even size.
    const Eigen::Index size = window.size(), last = slope.size() - 1;
    slope *= 0.5f * scale;
    slope(0) *= 2;
    if (size % 2 == 0) slope(last) *= 2;
    std::copy_n(slope.data(), slope.size(), fft.spectrum().begin());
    fft.inverse();
    Eigen::Map<Bins>(gradient, size) += window * Eigen::Map<const Bins>(fft.samples().data(), size);
}

}  // namespace

double SpectralLoss::operator()(std::span<const float> clean, std::span<const float> processed, double level,
                                double weight, std::span<float> gradient) const {
    double loss = 0;
    ComplexBins slope;
    for (const Resolution& r : resolutions) {
        const int size = nearest_fast_fft_size(static_cast<int>(std::lround(r.window_s * rate_hz_)));
        const int hop = static_cast<int>(std::lround(r.hop_s * rate_hz_));
        const int count = static_cast<int>(clean.size());
        if (count < size) continue;
        const int frames = (count - size) / hop + 1;
        RealFft& fft = transform(size);
        const Bins window = window_of(size, level);
        const double share = weight / (static_cast<double>(resolutions.size()) * frames * (size / 2 + 1));
        for (int f = 0; f < frames; ++f) {
            const ComplexBins wanted = spectrum_of(fft, window, frame_of(clean, f * hop, size));
            const ComplexBins made = spectrum_of(fft, window, frame_of(processed, f * hop, size));
            loss += share * bin_losses(wanted, made, weights_.left, gradient.empty() ? nullptr : &slope);
            if (!gradient.empty())
                add_sample_gradient(fft, window, slope, static_cast<float>(share),
                                    &gradient[static_cast<std::size_t>(f * hop)]);
        }
    }
    return loss;
}

}  // namespace gruve
