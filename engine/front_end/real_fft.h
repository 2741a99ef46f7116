// FFT of real samples, with its own memory.
#pragma once

#include <complex>
#include <memory>
#include <span>

namespace gruve {

/// The same bits on every machine; real-time safe.
class RealFft {
public:
    /// size ≥ 1, without prime factors above 13; throws std::invalid_argument otherwise.
    explicit RealFft(int size);
    ~RealFft();
    RealFft(RealFft&&) noexcept;
    RealFft& operator=(RealFft&&) noexcept;

    /// size samples: input of forward(), output of inverse().
    std::span<float> samples() noexcept;
    /// size/2 + 1 values: output of forward(), input of inverse().
    std::span<std::complex<float>> spectrum() noexcept;

    /// spectrum[k] = Σ_n samples[n] · exp(−2πi·k·n/size)
    void forward() noexcept;
    /// samples[n] = Σ over all `size` bins of the Hermitian spectrum · exp(2πi·k·n/size): not divided by size; spectrum() may be lost.
    void inverse() noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Smallest fast length ≥ size: without prime factors above 7 but a single 11 or 13.
int fast_fft_size(int size);
/// The one nearest to `size`.
int nearest_fast_fft_size(int size);

}  // namespace gruve
