// A logarithm for feature loops. It vectorises, and does not depend on the machine's libm: results are the same
// everywhere.
#pragma once

#include <bit>
#include <cstdint>

namespace gruve {

/// log2(x) for normal positive x, with an absolute error below 4e-6 for 1e-13 < x < 1e13. For x = 2^e · m, m in [√½,
/// √2) and s = (m−1)/(m+1): log2(m) = 2/ln 2 · (s + s³/3 + s⁵/5 + s⁷/7 + …), |s| ≤ 0.172.
inline float fast_log2(float x) noexcept {
    constexpr std::int32_t sqrt_half = 0x3f3504f3;
    const std::int32_t word = std::bit_cast<std::int32_t>(x);
    const std::int32_t exponent = (word - sqrt_half) >> 23;
    const float m = std::bit_cast<float>(word - (exponent << 23));
    const float s = (m - 1.0f) / (m + 1.0f);
    const float s2 = s * s;
    const float series = 1.0f + s2 * (1.0f / 3.0f + s2 * (1.0f / 5.0f + s2 * (1.0f / 7.0f)));
    return static_cast<float>(exponent) + 2.885390082f * s * series;
}

inline float fast_log10(float x) noexcept { return 0.3010299957f * fast_log2(x); }

}  // namespace gruve
