// The complex FFT of RealFft: up to eight transforms side by side, then one across the lanes.
#pragma once

#include <algorithm>
#include <complex>
#include <cstddef>
#include <numbers>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "engine/front_end/fft_stage.h"
#include "engine/support/elementary.h"

// Inlined into the forward and the inverse transform, run() gets their instruction set. WebAssembly has but one, and
// downloads are small where both share one function.
#ifdef __wasm__
#define GRUVE_FFT_INLINE __attribute__((noinline))
#else
#define GRUVE_FFT_INLINE GRUVE_INLINE
#endif

namespace gruve {

/// size = lanes · rows, with at most as many lanes as the widest vector. Sample lanes·row + lane is in lane `lane` of
/// row `row`. All lanes are transformed at once, each over its `rows` values. Twiddles and a transform across the lanes
/// then combine them (Gentleman and Sande, "Fast Fourier Transforms: for fun and profit" (1966)). Whether a row is one
/// vector or several changes no bit. Only the constructor allocates.
class ComplexFft {
public:
    /// Throws std::invalid_argument if size is 0 or has a prime factor above 13.
    explicit ComplexFft(std::size_t size) {
        if (size == 0) throw std::invalid_argument("FFT of 0 values");
        for (std::size_t lanes : {2, 3, 4, 5, 7, 8})
            if (size % lanes == 0) lanes_ = lanes;
        rows_ = size / lanes_;
        const auto turn = [](std::size_t part, std::size_t whole) {
            const auto [cosine, sine] = elementary::cos_sin(-2 * std::numbers::pi * static_cast<double>(part % whole) /
                                                            static_cast<double>(whole));
            return std::complex<float>(static_cast<float>(cosine), static_cast<float>(sine));
        };
        std::size_t rest = rows_;
        for (std::size_t radix : {4, 2, 3, 5, 7, 11, 13})
            while (rest % radix == 0) {
                rest /= radix;
                stages_.push_back({radix, rest, rows_ / rest / radix, twiddles_.size()});
                for (std::size_t p = 0; p < rest; ++p)
                    for (std::size_t k = 1; k < radix; ++k) twiddles_.push_back(turn(p * k, rest * radix));
            }
        if (rest != 1)
            throw std::invalid_argument("FFT of " + std::to_string(size) +
                                        " values, which has a prime factor above 13");
        const std::size_t whole_blocks = (rows_ + widest - 1) / widest * widest;
        for (auto& rows : work_) rows.resize(whole_blocks);
        for (std::size_t k = 0; k < whole_blocks; ++k)
            for (std::size_t lane = 0; lane < widest; ++lane) {
                lane_re_.push_back(turn(k * lane, size).real());
                lane_im_.push_back(turn(k * lane, size).imag());
            }
    }

    std::size_t lanes() const noexcept { return lanes_; }
    std::size_t rows() const noexcept { return rows_; }
    /// rows × widest lanes, of which the first lanes() are used, as vectors: widest / width<Wide> per row.
    template <class Wide>
    WideComplex<Wide>* input() noexcept {
        return vectors<Wide>(0);
    }

    /// input() → re[k], im[k], k < size
    template <class Wide>
    GRUVE_FFT_INLINE void run(float* re, float* im) noexcept {
        WideComplex<Wide>*from = vectors<Wide>(0), *to = vectors<Wide>(1);
        for (const Stage& s : stages_) {
            const std::size_t stride = s.stride * (widest / width<Wide>);
            const auto* twiddles = &twiddles_[s.twiddles];
            switch (s.radix) {
                case 2:
                    fft_stage<2>(from, to, s.rest, stride, twiddles);
                    break;
                case 3:
                    fft_stage<3>(from, to, s.rest, stride, twiddles);
                    break;
                case 4:
                    fft_stage<4>(from, to, s.rest, stride, twiddles);
                    break;
                case 5:
                    fft_stage<5>(from, to, s.rest, stride, twiddles);
                    break;
                case 7:
                    fft_stage<7>(from, to, s.rest, stride, twiddles);
                    break;
                case 11:
                    fft_stage<11>(from, to, s.rest, stride, twiddles);
                    break;
                default:
                    fft_stage<13>(from, to, s.rest, stride, twiddles);
            }
            std::swap(from, to);
        }
        switch (lanes_) {
            case 1:
                across<1>(from, re, im);
                break;
            case 2:
                across<2>(from, re, im);
                break;
            case 3:
                across<3>(from, re, im);
                break;
            case 4:
                across<4>(from, re, im);
                break;
            case 5:
                across<5>(from, re, im);
                break;
            case 7:
                across<7>(from, re, im);
                break;
            default:
                across<8>(from, re, im);
        }
    }

private:
    struct Stage {
        std::size_t radix, rest, stride, twiddles;
    };
    struct alignas(sizeof(Wide8)) Row {
        std::byte bytes[2 * sizeof(Wide8)];
    };
    template <class Wide>
    WideComplex<Wide>* vectors(std::size_t which) noexcept {
        return reinterpret_cast<WideComplex<Wide>*>(work_[which].data());
    }

    /// Applies twiddles, then transforms across the lanes of each row. Row k gives the values k, k + rows, k + 2·rows,
    /// …
    template <std::size_t lanes, class Wide>
    GRUVE_INLINE void across(const WideComplex<Wide>* from, float* re, float* im) const noexcept {
        constexpr std::size_t a_row = widest / width<Wide>;
        for (std::size_t k = 0; k < rows_; k += width<Wide>) {
            Wide real[widest], imaginary[widest];
            for (std::size_t v = 0; v < a_row; ++v) {
                for (std::size_t i = 0; i < width<Wide>; ++i) {
                    const WideComplex<Wide>& value = from[(k + i) * a_row + v];
                    WideComplex<Wide> turn;
                    load(&lane_re_[(k + i) * widest + v * width<Wide>], turn.re);
                    load(&lane_im_[(k + i) * widest + v * width<Wide>], turn.im);
                    real[v * width<Wide> + i] = value.re * turn.re - value.im * turn.im;
                    imaginary[v * width<Wide> + i] = value.re * turn.im + value.im * turn.re;
                }
                transpose(&real[v * width<Wide>]);
                transpose(&imaginary[v * width<Wide>]);
            }
            WideComplex<Wide> x[lanes];
            for (std::size_t i = 0; i < lanes; ++i) x[i] = {real[i], imaginary[i]};
            transform<lanes>(x);
            const bool whole = k + width<Wide> <= rows_;
            const std::size_t bytes = whole ? sizeof(Wide) : (rows_ - k) * sizeof(float);
            for (std::size_t i = 0; i < lanes; ++i) {
                if (whole) {
                    store(x[i].re, re + k + rows_ * i);
                    store(x[i].im, im + k + rows_ * i);
                } else {
                    std::memcpy(re + k + rows_ * i, &x[i].re, bytes);
                    std::memcpy(im + k + rows_ * i, &x[i].im, bytes);
                }
            }
        }
    }

    std::size_t lanes_ = 1, rows_ = 1;
    std::vector<Stage> stages_;
    std::vector<std::complex<float>> twiddles_;
    std::vector<float> lane_re_, lane_im_;  // rows × widest
    std::vector<Row> work_[2];
};

}  // namespace gruve
