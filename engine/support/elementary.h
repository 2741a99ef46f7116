// Elementary functions that give the same bits on every machine: C libraries round theirs differently. They use
// additions, multiplications and divisions of IEEE 754 alone, which must not be contracted.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace gruve::elementary {

/// 2^k for −1022 ≤ k ≤ 1023.
inline double power_of_two(std::int64_t k) noexcept {
    const auto bits = static_cast<std::uint64_t>(k + 1023) << 52;
    double value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

/// e^x for x ≤ 700, within 1e-15 of its size; 0 below −700. x = k·ln 2 + r; e^r by its power series, |r| ≤ 0.35.
inline double exp(double x) noexcept {
    constexpr double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;  // k·ln2_high is exact
    if (x < -700.0) return 0.0;
    const double k = std::floor(x * 1.4426950408889634 + 0.5);
    const double r = (x - k * ln2_high) - k * ln2_low;
    double series = 1.0;
    for (int n = 14; n > 0; --n) series = 1.0 + r * series / n;
    return series * power_of_two(static_cast<std::int64_t>(k));
}

inline double exp10(double x) noexcept { return exp(x * 2.302585092994045684); }

/// log10(x) for positive normal x, within 1e-15 of its size or 1e-16. x = 2^e·m with m in [√½, √2); ln m = 2·artanh s
/// with s = (m − 1)/(m + 1), |s| ≤ 0.172.
inline double log10(double x) noexcept {
    int e = 0;
    double m = std::frexp(x, &e);  // exact
    if (m < 0.70710678118654752) m *= 2, --e;
    const double s = (m - 1) / (m + 1), s2 = s * s;
    double series = 0;
    for (int n = 23; n > 0; n -= 2) series = series * s2 + 1.0 / n;
    return 0.30102999566398120 * e + 0.86858896380650366 * s * series;
}

/// {cos, sin} of an angle up to 10⁴ in size, within 1e-12. The angle is reduced by multiples of π/2; the rest, |r| ≤
/// π/4, goes through the power series.
inline std::array<double, 2> cos_sin(double angle) noexcept {
    constexpr double quarter_high = 0x1.921fb544p+0, quarter_low = 0x1.0b4611a626331p-34;  // n·quarter_high is exact
    const double n = std::floor(angle * 0.63661977236758134 + 0.5);
    const double r = (angle - n * quarter_high) - n * quarter_low, r2 = r * r;
    double cosine = 1, sine = 1;
    for (int k = 9; k > 0; --k) {
        cosine = 1 - r2 / ((2 * k - 1) * (2 * k)) * cosine;
        sine = 1 - r2 / ((2 * k) * (2 * k + 1)) * sine;
    }
    sine *= r;
    switch (static_cast<std::int64_t>(n) & 3) {
        case 0:
            return {cosine, sine};
        case 1:
            return {-sine, cosine};
        case 2:
            return {-cosine, -sine};
        default:
            return {sine, -cosine};
    }
}

inline double cos(double angle) noexcept { return cos_sin(angle)[0]; }
inline double sin(double angle) noexcept { return cos_sin(angle)[1]; }

/// 2^(i/32), rounded
inline constexpr std::array<double, 32> thirty_second_powers = {0x1p+0,
                                                                0x1.059b0d3158574p+0,
                                                                0x1.0b5586cf9890fp+0,
                                                                0x1.11301d0125b51p+0,
                                                                0x1.172b83c7d517bp+0,
                                                                0x1.1d4873168b9aap+0,
                                                                0x1.2387a6e756238p+0,
                                                                0x1.29e9df51fdee1p+0,
                                                                0x1.306fe0a31b715p+0,
                                                                0x1.371a7373aa9cbp+0,
                                                                0x1.3dea64c123422p+0,
                                                                0x1.44e086061892dp+0,
                                                                0x1.4bfdad5362a27p+0,
                                                                0x1.5342b569d4f82p+0,
                                                                0x1.5ab07dd485429p+0,
                                                                0x1.6247eb03a5585p+0,
                                                                0x1.6a09e667f3bcdp+0,
                                                                0x1.71f75e8ec5f74p+0,
                                                                0x1.7a11473eb0187p+0,
                                                                0x1.82589994cce13p+0,
                                                                0x1.8ace5422aa0dbp+0,
                                                                0x1.93737b0cdc5e5p+0,
                                                                0x1.9c49182a3f090p+0,
                                                                0x1.a5503b23e255dp+0,
                                                                0x1.ae89f995ad3adp+0,
                                                                0x1.b7f76f2fb5e47p+0,
                                                                0x1.c199bdd85529cp+0,
                                                                0x1.cb720dcef9069p+0,
                                                                0x1.d5818dcfba487p+0,
                                                                0x1.dfc97337b9b5fp+0,
                                                                0x1.ea4afa2a490dap+0,
                                                                0x1.f50765b6e4540p+0};

/// e^x in single precision; 0 below −70, where results would soon be too small for a normal float. The polynomial and
/// the split x = (k + i/32 + r)·ln 2 are those of Arm's optimized routines (expf.c), which glibc and musl use too, so
/// that results equal theirs.
inline float exp(float x) noexcept {
    if (x < -70.0f) return 0.0f;
    if (x > 88.72f) return std::numeric_limits<float>::infinity();
    constexpr double to_whole = 0x1.8p52;  // added and taken away again, it rounds to an integer
    const double z = 0x1.71547652b82fep+5 * static_cast<double>(x), whole = (z + to_whole) - to_whole, r = z - whole;
    const auto k = static_cast<std::int64_t>(whole);
    const double scale = thirty_second_powers[static_cast<std::size_t>(k & 31)] * power_of_two(k >> 5);
    constexpr double c3 = 0x1.c6af84b912394p-20, c2 = 0x1.ebfce50fac4f3p-13, c1 = 0x1.62e42ff0c52d6p-6;
    const double y = (c3 * r + c2) * (r * r) + (c1 * r + 1);
    return static_cast<float>(y * scale);
}

}  // namespace gruve::elementary
