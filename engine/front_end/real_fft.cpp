#include "engine/front_end/real_fft.h"

#include <fftw3.h>

#include <algorithm>
#include <mutex>
#include <new>

namespace gruve {
namespace {

std::mutex& planner() {
    static std::mutex mutex;
    return mutex;
}

}  // namespace

struct RealFft::Impl {
    Impl(int size_, bool with_inverse) : size(size_) {
        const std::scoped_lock lock(planner());
        samples = fftwf_alloc_real(static_cast<std::size_t>(size));
        spectrum = fftwf_alloc_complex(static_cast<std::size_t>(size / 2 + 1));
        if (samples && spectrum) {
            forward = fftwf_plan_dft_r2c_1d(size, samples, spectrum, FFTW_ESTIMATE);
            if (with_inverse) inverse = fftwf_plan_dft_c2r_1d(size, spectrum, samples, FFTW_ESTIMATE);
        }
        if (!forward || (with_inverse && !inverse)) {
            release();
            throw std::bad_alloc();
        }
        std::fill_n(samples, size, 0.0f);
    }
    ~Impl() {
        const std::scoped_lock lock(planner());
        release();
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void release() {
        if (forward) fftwf_destroy_plan(forward);
        if (inverse) fftwf_destroy_plan(inverse);
        fftwf_free(samples);
        fftwf_free(spectrum);
    }

    int size;
    float* samples = nullptr;
    fftwf_complex* spectrum = nullptr;
    fftwf_plan forward = nullptr, inverse = nullptr;
};

RealFft::RealFft(int size, bool with_inverse) : impl_(std::make_unique<Impl>(size, with_inverse)) {}
RealFft::~RealFft() = default;
RealFft::RealFft(RealFft&&) noexcept = default;
RealFft& RealFft::operator=(RealFft&&) noexcept = default;

std::span<float> RealFft::samples() noexcept { return {impl_->samples, static_cast<std::size_t>(impl_->size)}; }

std::span<std::complex<float>> RealFft::spectrum() noexcept {
    // fftwf_complex is float[2], which the standard makes layout-compatible with std::complex<float>.
    return {reinterpret_cast<std::complex<float>*>(impl_->spectrum), static_cast<std::size_t>(impl_->size / 2 + 1)};
}

void RealFft::forward() noexcept { fftwf_execute(impl_->forward); }
void RealFft::inverse() noexcept { fftwf_execute(impl_->inverse); }

int fast_fft_size(int size) {
    for (;; ++size) {
        int rest = size;
        for (int prime : {2, 3, 5}) {
            while (rest % prime == 0) rest /= prime;
        }
        if (rest == 1) return size;
    }
}

}  // namespace gruve
