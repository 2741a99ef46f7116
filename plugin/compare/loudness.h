// Loudness by ITU-R BS.1770-4: K-weighted and gated. It runs on the audio thread, where libebur128 can't, since that
// allocates.
#pragma once

#include <array>
#include <cstddef>

namespace gruve::plugin {

/// A second-order filter in transposed direct form II, with a0 = 1.
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

/// The K-weighting of one channel: a high shelf that models the head, then a high pass.
struct KWeighting {
    Biquad shelf, high_pass;
    KWeighting() = default;
    explicit KWeighting(double rate_hz);
    double operator()(double x) noexcept { return high_pass(shelf(x)); }
};

/// Gated loudness of the last ten seconds of one or two channels (BS.1770 weights left and right by 1). Real-time safe.
/// A sample that isn't finite counts as 0.
class Loudness {
public:
    static constexpr int max_channels = 2;
    static constexpr double silent = -1e9;  // LUFS, when no block passes the gate

    Loudness() = default;
    explicit Loudness(double rate_hz);
    /// Adds one sample of each channel. Returns true if that completes a tenth of a second, after which value() may
    /// differ.
    bool add(const float* samples, int channels) noexcept;
    /// In LUFS, or `silent`. Takes a few hundred operations.
    double value() const noexcept;

private:
    static constexpr std::size_t tenths = 100, tenths_of_block = 4;

    double block_power(std::size_t newest) const noexcept;

    std::array<KWeighting, max_channels> weighting_;
    std::array<double, tenths> power_{};  // ring buffer: mean square of each tenth of a second
    std::size_t count_ = 0;               // tenths of a second so far
    double sum_ = 0;
    int tenth_samples_ = 4800, filled_ = 0;
};

}  // namespace gruve::plugin
