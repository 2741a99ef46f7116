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

/// FFTW allocates a buffer in every transform of an odd composite length. Such a length is done at twice itself: followed by as many
/// zeros, a signal has its own spectrum at the even bins; and even bins alone give their signal, twice.
struct RealFft::Impl {
    Impl(int size_, bool with_inverse) : size(size_), done(size % 2 == 0 ? size : 2 * size) {
        const std::scoped_lock lock(planner());
        samples = fftwf_alloc_real(static_cast<std::size_t>(done));
        spectrum = fftwf_alloc_complex(static_cast<std::size_t>(done / 2 + 1));
        if (samples && spectrum) {
            forward = fftwf_plan_dft_r2c_1d(done, samples, spectrum, FFTW_ESTIMATE);
            if (with_inverse) inverse = fftwf_plan_dft_c2r_1d(done, spectrum, samples, FFTW_ESTIMATE);
        }
        if (!forward || (with_inverse && !inverse)) {
            release();
            throw std::bad_alloc();
        }
        std::fill_n(samples, done, 0.0f);
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

    std::span<std::complex<float>> bins() {
        // fftwf_complex is float[2], which the standard makes layout-compatible with std::complex<float>.
        return {reinterpret_cast<std::complex<float>*>(spectrum), static_cast<std::size_t>(done / 2 + 1)};
    }

    int size, done;
    float* samples = nullptr;
    fftwf_complex* spectrum = nullptr;
    fftwf_plan forward = nullptr, inverse = nullptr;
};

RealFft::RealFft(int size, bool with_inverse) : impl_(std::make_unique<Impl>(size, with_inverse)) {}
RealFft::~RealFft() = default;
RealFft::RealFft(RealFft&&) noexcept = default;
RealFft& RealFft::operator=(RealFft&&) noexcept = default;

std::span<float> RealFft::samples() noexcept { return {impl_->samples, static_cast<std::size_t>(impl_->size)}; }

std::span<std::complex<float>> RealFft::spectrum() noexcept { return impl_->bins().first(static_cast<std::size_t>(impl_->size / 2 + 1)); }

void RealFft::forward() noexcept {
    std::fill(impl_->samples + impl_->size, impl_->samples + impl_->done, 0.0f);
    fftwf_execute(impl_->forward);
    if (impl_->done == impl_->size) return;
    const auto bins = impl_->bins();
    for (std::size_t k = 1; 2 * k < bins.size(); ++k) bins[k] = bins[2 * k];
}

void RealFft::inverse() noexcept {
    const auto bins = impl_->bins();
    if (impl_->done != impl_->size)
        for (std::size_t k = bins.size(); k-- > 0;) bins[k] = k % 2 == 0 ? bins[k / 2] : 0.0f;
    fftwf_execute(impl_->inverse);
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
