#include "plugin/compare/loudness.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gruve::plugin {

namespace {

constexpr double absolute_gate = -70.0, relative_gate = -10.0;  // LUFS, LU
constexpr double loudest_sample = 1e4;  // a louder sample counts as 0: the filters would ring on it for too long

double loudness_of(double power) { return -0.691 + 10.0 * std::log10(power); }
double power_of(double lufs) { return std::pow(10.0, (lufs + 0.691) / 10.0); }

}  // namespace

/// BS.1770 tabulates both filters at 48 kHz only. These are analogue prototypes that give the same table at 48 kHz and
/// are brought to any other rate by the bilinear transform. The constants are those of libebur128, with which a test
/// compares the result.
KWeighting::KWeighting(double rate_hz) {
    const auto tangent = [&](double hz) { return std::tan(std::numbers::pi * hz / rate_hz); };
    {
        const double k = tangent(1681.974450955533), q = 0.7071752369554196,
                     high = std::pow(10.0, 3.999843853973347 / 20.0);
        const double band = std::pow(high, 0.4996667741545416), a0 = 1.0 + k / q + k * k;
        shelf = {(high + band * k / q + k * k) / a0, 2.0 * (k * k - high) / a0, (high - band * k / q + k * k) / a0,
                 2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0};
    }
    const double k = tangent(38.13547087602444), q = 0.5003270373238773, a0 = 1.0 + k / q + k * k;
    high_pass = {1.0, -2.0, 1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0};
}

Loudness::Loudness(double rate_hz) : tenth_samples_{std::max(1, static_cast<int>(std::lround(rate_hz / 10.0)))} {
    weighting_.fill(KWeighting(rate_hz));
}

bool Loudness::add(const float* samples, int channels) noexcept {
    for (int c = 0; c < channels; ++c) {
        const double x = samples[c],
                     y = weighting_[static_cast<std::size_t>(c)](std::abs(x) <= loudest_sample ? x : 0.0);
        sum_ += y * y;
    }
    if (++filled_ < tenth_samples_) return false;
    power_[count_++ % tenths] = sum_ / tenth_samples_;
    sum_ = 0;
    filled_ = 0;
    return true;
}

/// Mean square of the 400 ms gating block whose last tenth of a second is `newest`.
double Loudness::block_power(std::size_t newest) const noexcept {
    double sum = 0;
    for (std::size_t i = 0; i < tenths_of_block; ++i) sum += power_[(newest - i) % tenths];
    return sum / tenths_of_block;
}

double Loudness::value() const noexcept {
    const std::size_t kept = std::min(count_, tenths);
    if (kept < tenths_of_block) return silent;
    double mean = 0, gate = power_of(absolute_gate);
    for (int pass = 0; pass < 2; ++pass) {  // the second pass gates relative to the mean of the first
        double sum = 0;
        int blocks = 0;
        for (std::size_t i = count_ - kept + tenths_of_block - 1; i < count_; ++i)
            if (const double power = block_power(i); power > gate) {
                sum += power;
                ++blocks;
            }
        if (blocks == 0) return silent;
        mean = sum / blocks;
        gate = std::max(gate, mean * std::pow(10.0, relative_gate / 10.0));
    }
    return loudness_of(mean);
}

}  // namespace gruve::plugin
