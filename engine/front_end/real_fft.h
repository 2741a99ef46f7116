// FFT of real samples.
#pragma once

#include <complex>
#include <memory>
#include <span>

namespace gruve {

/// Owns its memory; only the constructor allocates, everything else is real-time safe. Gives the same bits on every
/// machine.
class RealFft {
public:
    /// Throws std::invalid_argument unless size ≥ 1 has no prime factor above 13.
    explicit RealFft(int size);
    ~RealFft();
    RealFft(RealFft&&) noexcept;
    RealFft& operator=(RealFft&&) noexcept;

    /// `size` samples: input of forward(), output of inverse().
    std::span<float> samples() noexcept;
    /// size/2 + 1 values: output of forward(), input of inverse().
    std::span<std::complex<float>> spectrum() noexcept;

    /// spectrum[k] = Σ_n samples[n] · exp(−2πi·k·n/size)
    void forward() noexcept;
    /// samples[n] = Σ_k spectrum[k] · exp(2πi·k·n/size) over all `size` bins of the Hermitian spectrum, not divided by
    /// size. May overwrite spectrum().
    void inverse() noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Smallest fast length ≥ size. Fast lengths have prime factors up to 7, and at most one factor of 11 or 13.
int fast_fft_size(int size);
/// Fast length nearest to `size`.
int nearest_fast_fft_size(int size);

}  // namespace gruve
