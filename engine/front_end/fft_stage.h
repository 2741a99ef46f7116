// Building blocks of an FFT: transforms of a few values, many side by side.
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <numbers>

#include "engine/front_end/wide.h"
#include "engine/support/elementary.h"

namespace gruve {

template <class Wide>
struct alignas(sizeof(Wide)) WideComplex {
    Wide re, im;
};

/// cos and sin of 2π·j/size, j < size
template <std::size_t size>
struct Circle {
    std::array<float, size> cosine, sine;
    Circle() {
        for (std::size_t j = 0; j < size; ++j) {
            const double angle = 2 * std::numbers::pi * static_cast<double>(j) / size;
            cosine[j] = static_cast<float>(elementary::cos(angle));
            sine[j] = static_cast<float>(elementary::sin(angle));
        }
    }
};
template <std::size_t size>
inline const Circle<size> circle;

/// x[k] = Σ_j x[j] · exp(−2πi·j·k/radix), in place; radix: 1, 2, 4, 8 or odd.
template <std::size_t radix, class Wide>
GRUVE_INLINE void transform(WideComplex<Wide>* x) noexcept {
    using Complex = WideComplex<Wide>;
    if constexpr (radix == 2) {
        const Complex a = x[0], b = x[1];
        x[0] = {a.re + b.re, a.im + b.im};
        x[1] = {a.re - b.re, a.im - b.im};
    } else if constexpr (radix == 4) {
        const Complex s = {x[0].re + x[2].re, x[0].im + x[2].im}, d = {x[0].re - x[2].re, x[0].im - x[2].im};
        const Complex t = {x[1].re + x[3].re, x[1].im + x[3].im}, e = {x[1].re - x[3].re, x[1].im - x[3].im};
        x[0] = {s.re + t.re, s.im + t.im};
        x[1] = {d.re + e.im, d.im - e.re};
        x[2] = {s.re - t.re, s.im - t.im};
        x[3] = {d.re - e.im, d.im + e.re};
    } else if constexpr (radix == 8) {
        Complex even[4] = {x[0], x[2], x[4], x[6]}, odd[4] = {x[1], x[3], x[5], x[7]};
        transform<4>(even);
        transform<4>(odd);
        constexpr float half_root = std::numbers::sqrt2_v<float> / 2;
        const Complex turned[4] = {odd[0],
                                   {half_root * (odd[1].re + odd[1].im), half_root * (odd[1].im - odd[1].re)},
                                   {odd[2].im, -odd[2].re},
                                   {half_root * (odd[3].im - odd[3].re), -half_root * (odd[3].re + odd[3].im)}};
        for (std::size_t k = 0; k < 4; ++k) {
            x[k] = {even[k].re + turned[k].re, even[k].im + turned[k].im};
            x[k + 4] = {even[k].re - turned[k].re, even[k].im - turned[k].im};
        }
    } else if constexpr (radix > 1) {
        // x[j] and x[radix − j] have the same cosine and opposite sines.
        static_assert(radix % 2 == 1);
        constexpr std::size_t pairs = radix / 2;
        Complex sum[pairs], difference[pairs];
        const Complex first = x[0];
        for (std::size_t j = 1; j <= pairs; ++j) {
            sum[j - 1] = {x[j].re + x[radix - j].re, x[j].im + x[radix - j].im};
            difference[j - 1] = {x[j].re - x[radix - j].re, x[j].im - x[radix - j].im};
            x[0].re += sum[j - 1].re;
            x[0].im += sum[j - 1].im;
        }
        for (std::size_t k = 1; k <= pairs; ++k) {
            Complex even = first, odd = {Wide{}, Wide{}};
            for (std::size_t j = 1; j <= pairs; ++j) {
                const float cosine = circle<radix>.cosine[j * k % radix], sine = circle<radix>.sine[j * k % radix];
                even.re += cosine * sum[j - 1].re;
                even.im += cosine * sum[j - 1].im;
                odd.re += sine * difference[j - 1].im;
                odd.im -= sine * difference[j - 1].re;
            }
            x[k] = {even.re + odd.re, even.im + odd.im};
            x[radix - k] = {even.re - odd.re, even.im - odd.im};
        }
    }
}

/// One pass of a Stockham FFT, which needs no reordering at the end: transforms of radix · rest values in each of
/// `stride` vectors side by side. twiddles: rest × (radix − 1) values.
template <std::size_t radix, class Wide>
GRUVE_INLINE void fft_stage(const WideComplex<Wide>* in, WideComplex<Wide>* out, std::size_t rest, std::size_t stride,
                            const std::complex<float>* twiddles) noexcept {
    for (std::size_t p = 0; p < rest; ++p, twiddles += radix - 1)
        for (std::size_t q = 0; q < stride; ++q) {
            WideComplex<Wide> x[radix];
            for (std::size_t k = 0; k < radix; ++k) x[k] = in[q + stride * (p + rest * k)];
            transform<radix>(x);
            out[q + stride * radix * p] = x[0];
            for (std::size_t k = 1; k < radix; ++k) {
                const float re = twiddles[k - 1].real(), im = twiddles[k - 1].imag();
                out[q + stride * (radix * p + k)] = {x[k].re * re - x[k].im * im, x[k].re * im + x[k].im * re};
            }
        }
}

}  // namespace gruve
