// Loudness as ITU-R BS.1770-4 defines it: K-weighted, gated. On the audio thread, so without libebur128, which allocates.
#pragma once

#include <array>
#include <cstddef>

namespace gruve::plugin {

/// Direct form II transposed; a0 = 1.
struct Biquad {
    double b0 = 1, b1 = 0, b2 = 0, a1 = 0, a2 = 0;
    double z1 = 0, z2 = 0;

    double operator()(double x) noexcept {
        const double y = b0 * x + z1;
        z1 = b1 * x - a1 * y + z2;
        z2 = b2 * x - a2 * y;
        return y;
    }
};

/// The two filters of one channel: the head's shelf, then a high pass.
struct KWeighting {
    Biquad shelf, high_pass;
    KWeighting() = default;
    explicit KWeighting(double rate_hz);
    double operator()(double x) noexcept { return high_pass(shelf(x)); }
};

/// Gated loudness of the last ten seconds of up to two channels (BS.1770's channel weights of left and right are 1).
/// Real-time safe. Samples that aren't finite count as 0.
class Loudness {
public:
    static constexpr int max_channels = 2;
    static constexpr double silent = -1e9;  // LUFS: nothing passed the gate

    Loudness() = default;
    explicit Loudness(double rate_hz);
    /// One sample of each channel. True where a tenth of a second is complete, and value() may have changed.
    bool add(const float* samples, int channels) noexcept;
    /// LUFS, or `silent`. Costs a few hundred operations.
    double value() const noexcept;

private:
    static constexpr std::size_t tenths = 100, tenths_of_block = 4;

    double block_power(std::size_t newest) const noexcept;

    std::array<KWeighting, max_channels> weighting_;
    std::array<double, tenths> power_{};  // mean squares, a ring
    std::size_t count_ = 0;               // tenths so far
    double sum_ = 0;
    int tenth_samples_ = 4800, filled_ = 0;
};

}  // namespace gruve::plugin
