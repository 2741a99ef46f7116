#include "engine/front_end/real_fft.h"

#include <algorithm>
#include <cstddef>
#include <numbers>
#include <vector>

#include "engine/front_end/complex_fft.h"
#include "engine/front_end/wide.h"
#include "engine/support/elementary.h"

namespace gruve {

/// Even samples are the real parts and odd samples the imaginary parts of a complex signal of half the length, whose
/// spectrum is then separated into theirs. An odd length is computed at twice the length: a signal followed by as many
/// zeros has its own spectrum at the even bins, and the inverse of even bins alone is their signal, twice.
struct RealFft::Impl {
    explicit Impl(std::size_t length)
        : size(length),
          done(size % 2 == 0 ? size : 2 * size),
          half(done / 2),
          complex(half),
          samples(done + 2 * widest),
          spectrum(half + widest),
          real(half + 2 * widest),
          imaginary(half + 2 * widest) {
        for (std::size_t k = 0; k < half + widest; ++k) {
            const auto [cosine, sine] =
                elementary::cos_sin(-2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(done));
            turn_re.push_back(static_cast<float>(cosine));
            turn_im.push_back(static_cast<float>(sine));
        }
    }

    // The complex spectrum, with room for a vector before and after it.
    float* re() noexcept { return real.data() + widest; }
    float* im() noexcept { return imaginary.data() + widest; }

    /// M = half, w = exp(−2πi/done). Forward, Z is the complex spectrum: x[k] = Z[k] + Z*[M − k] − i·w^k·(Z[k] − Z*[M −
    /// k]) is twice the spectrum of the real samples. Inverse, Z is the spectrum of the real samples: x[k] = Z[k] +
    /// Z*[M − k] + i·w^−k·(Z[k] − Z*[M − k]) is the complex spectrum.
    template <bool inverse, class Wide>
    GRUVE_INLINE void combine_halves(std::size_t k, WideComplex<Wide>& x) noexcept {
        WideComplex<Wide> a, b, turn;
        load(re() + k, a.re);
        load(im() + k, a.im);
        const auto mirrored = static_cast<std::ptrdiff_t>(half) - static_cast<std::ptrdiff_t>(k + width<Wide> - 1);
        load(re() + mirrored, b.re);
        load(im() + mirrored, b.im);
        reverse(b.re);
        reverse(b.im);
        load(&turn_re[k], turn.re);
        load(&turn_im[k], turn.im);
        if constexpr (inverse) turn.re = -turn.re;
        const WideComplex<Wide> difference = {a.re - b.re, a.im + b.im};
        x.re = (a.re + b.re) + (turn.im * difference.re + turn.re * difference.im);
        x.im = (a.im - b.im) + (turn.im * difference.im - turn.re * difference.re);
    }

    template <class Wide>
    GRUVE_INLINE void forward() noexcept {
        constexpr std::size_t a_row = widest / width<Wide>;
        WideComplex<Wide>* rows = complex.template input<Wide>();
        for (std::size_t row = 0; row < complex.rows(); ++row)
            for (std::size_t v = 0; v < a_row; ++v) {
                WideComplex<Wide>& values = rows[row * a_row + v];
                load_pairs(&samples[2 * (complex.lanes() * row + v * width<Wide>)], values.re, values.im);
            }
        complex.template run<Wide>(re(), im());
        re()[half] = re()[0];
        im()[half] = im()[0];
        float* parts = reinterpret_cast<float*>(spectrum.data());
        for (std::size_t k = 0; k <= half; k += width<Wide>) {
            WideComplex<Wide> x;
            combine_halves<false>(k, x);
            store_pairs<Wide>(0.5f * x.re, 0.5f * x.im, parts + 2 * k);
        }
    }

    template <class Wide>
    GRUVE_INLINE void inverse() noexcept {
        const float* parts = reinterpret_cast<const float*>(spectrum.data());
        for (std::size_t k = 0; k <= half; k += width<Wide>) {
            WideComplex<Wide> x;
            load_pairs(parts + 2 * k, x.re, x.im);
            store(x.re, re() + k);
            store(x.im, im() + k);
        }
        im()[0] = im()[half] = 0;
        // A forward transform is an inverse one if real and imaginary parts are swapped before and after it. `samples`
        // holds both meanwhile.
        float *swapped_im = samples.data(), *swapped_re = swapped_im + (half + widest - 1) / widest * widest;
        for (std::size_t k = 0; k < half; k += width<Wide>) {
            WideComplex<Wide> x;
            combine_halves<true>(k, x);
            store(x.re, swapped_im + k);
            store(x.im, swapped_re + k);
        }
        constexpr std::size_t a_row = widest / width<Wide>;
        WideComplex<Wide>* rows = complex.template input<Wide>();
        for (std::size_t row = 0; row < complex.rows(); ++row)
            for (std::size_t v = 0; v < a_row; ++v) {
                WideComplex<Wide>& values = rows[row * a_row + v];
                load(swapped_re + complex.lanes() * row + v * width<Wide>, values.re);
                load(swapped_im + complex.lanes() * row + v * width<Wide>, values.im);
            }
        complex.template run<Wide>(re(), im());
        for (std::size_t n = 0; n < half; n += width<Wide>) {
            WideComplex<Wide> x;
            load(im() + n, x.re);
            load(re() + n, x.im);
            store_pairs<Wide>(x.re, x.im, &samples[2 * n]);
        }
    }

    std::size_t size, done, half;
    ComplexFft complex;
    std::vector<float> samples;
    std::vector<std::complex<float>> spectrum;
    std::vector<float> real, imaginary;
    std::vector<float> turn_re, turn_im;  // w^k
};

RealFft::RealFft(int size) : impl_(std::make_unique<Impl>(size < 0 ? 0 : static_cast<std::size_t>(size))) {}
RealFft::~RealFft() = default;
RealFft::RealFft(RealFft&&) noexcept = default;
RealFft& RealFft::operator=(RealFft&&) noexcept = default;

std::span<float> RealFft::samples() noexcept { return std::span(impl_->samples).first(impl_->size); }
std::span<std::complex<float>> RealFft::spectrum() noexcept {
    return std::span(impl_->spectrum).first(impl_->size / 2 + 1);
}

void RealFft::forward() noexcept {
    Impl& m = *impl_;
    std::fill(m.samples.begin() + static_cast<std::ptrdiff_t>(m.size), m.samples.end(), 0.0f);
    run_wide([&m]<class Wide>() { m.forward<Wide>(); });
    if (m.done == m.size) return;
    for (std::size_t k = 1; 2 * k <= m.half; ++k) m.spectrum[k] = m.spectrum[2 * k];
}

void RealFft::inverse() noexcept {
    Impl& m = *impl_;
    if (m.done != m.size)
        for (std::size_t k = m.half + 1; k-- > 0;) m.spectrum[k] = k % 2 == 0 ? m.spectrum[k / 2] : 0.0f;
    run_wide([&m]<class Wide>() { m.inverse<Wide>(); });
}

namespace {

bool is_fast(int size) {
    for (int prime : {2, 3, 5, 7})
        while (size % prime == 0) size /= prime;
    return size == 1 || size == 11 || size == 13;
}

}  // namespace

int fast_fft_size(int size) {
    size = std::max(size, 1);
    while (!is_fast(size)) ++size;
    return size;
}

int nearest_fast_fft_size(int size) {
    const int above = fast_fft_size(size);
    for (int below = size; below >= 1 && size - below < above - size; --below)
        if (is_fast(below)) return below;
    return above;
}

}  // namespace gruve
