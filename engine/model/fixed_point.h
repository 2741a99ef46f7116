// The engine's only rounding rule, "gruve-rounding-1": round half up after a 64-bit product.
//
//     round_shift(v, s) = floor((v + 2^(s-1)) / 2^s)
//
// Every kernel must give exactly these integers. A preset names the rule that it was made for.
#pragma once

#include <cstdint>

namespace gruve {

inline constexpr const char* rounding_rule = "gruve-rounding-1";

/// Largest shift that a preset may hold. A larger one would always give zero, because products have 46 bits.
inline constexpr int max_shift = 46;

/// Divides by 2^shift and rounds half up. shift: 0..max_shift.
constexpr std::int64_t round_shift(std::int64_t value, int shift) {
    return shift == 0 ? value : (value + (std::int64_t{1} << (shift - 1))) >> shift;
}

constexpr std::int32_t clamp_to(std::int64_t value, std::int32_t low, std::int32_t high) {
    return static_cast<std::int32_t>(value < low ? low : value > high ? high : value);
}

/// Range of a two's complement integer, and the maximum of an unsigned one, of `bits` bits.
constexpr std::int32_t signed_min(int bits) { return -(std::int32_t{1} << (bits - 1)); }
constexpr std::int32_t signed_max(int bits) { return (std::int32_t{1} << (bits - 1)) - 1; }
constexpr std::int32_t unsigned_max(int bits) { return (std::int32_t{1} << bits) - 1; }

constexpr std::int32_t clamp_signed(std::int64_t value, int bits) {
    return clamp_to(value, signed_min(bits), signed_max(bits));
}
constexpr std::int32_t clamp_unsigned(std::int64_t value, int bits) { return clamp_to(value, 0, unsigned_max(bits)); }

/// Changes the scale of an integer: value · multiplier / 2^shift, rounded half up.
/// multiplier: 0..32767, shift: 0..max_shift, |value| < 2^31.
struct Requantiser {
    std::int16_t multiplier = 0;
    std::int8_t shift = 0;

    constexpr std::int64_t operator()(std::int64_t value) const { return round_shift(value * multiplier, shift); }
    bool operator==(const Requantiser&) const = default;
};

/// The requantiser nearest to `factor`, with 15 significant bits. Throws std::invalid_argument unless 0 < factor <
/// 32768.
Requantiser requantiser_for(double factor);

}  // namespace gruve
