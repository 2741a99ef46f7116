// Real FFT of any length on FFTW3f, with its own aligned memory.
#pragma once

#include <complex>
#include <memory>
#include <span>

namespace gruve {

/// Plans are estimated, never measured, so that results are the same in every run on a machine.
/// Construction takes a process-wide lock (FFTW's planner is not thread-safe); the transforms are real-time safe for the sizes that the
/// functions below give. For others FFTW may ask for memory at every transform.
class RealFft {
public:
    /// size ≥ 1. `with_inverse` also plans inverse().
    RealFft(int size, bool with_inverse);
    ~RealFft();
    RealFft(RealFft&&) noexcept;
    RealFft& operator=(RealFft&&) noexcept;

    /// size samples: input of forward(), output of inverse().
    std::span<float> samples() noexcept;
    /// size/2 + 1 values: output of forward(), input of inverse().
    std::span<std::complex<float>> spectrum() noexcept;

    /// spectrum[k] = Σ_n samples[n] · exp(−2πi·k·n/size)
    void forward() noexcept;
    /// samples[n] = Σ over all `size` bins of the Hermitian spectrum · exp(2πi·k·n/size): not divided by size; spectrum() is lost.
    void inverse() noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Smallest length ≥ size for which FFTW is fast and needs no buffer: without prime factors above 7 but a single 11 or 13.
int fast_fft_size(int size);
/// The one nearest to `size`.
int nearest_fast_fft_size(int size);

}  // namespace gruve
