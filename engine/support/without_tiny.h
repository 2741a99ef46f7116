// Zero in place of numbers that are too small to be heard. Products of what remains are normal floats. Streams then
// give the same bits, and take as long, on machines that cannot flush denormals to zero (flush_denormals.h), such as
// WebAssembly.
#pragma once

#include <cmath>

namespace gruve {

/// x, or 0 if |x| < least.
inline float without_tiny(float x, float least = 1e-20f) noexcept { return std::abs(x) < least ? 0.0f : x; }

/// As a spectrum's parts: their squares are powers of at least 10⁻²⁴, 130 dB below a frame that counts as silent.
inline constexpr float least_part = 1e-12f;

}  // namespace gruve
