#include "engine/model/packing.h"

#include "engine/model/fixed_point.h"
#include "engine/model/operators.h"

namespace gruve {
namespace {

constexpr std::size_t trits_per_byte = 5;  // 3^5 = 243 ≤ 256

std::vector<std::uint8_t> pack_bits(std::size_t count, int bits, auto&& code_of) {
    std::vector<std::uint8_t> bytes(packed_field_bytes(count, bits), 0);
    std::size_t position = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t code = code_of(i);
        for (int b = 0; b < bits; ++b, ++position)
            bytes[position / 8] =
                static_cast<std::uint8_t>(bytes[position / 8] | (((code >> b) & 1u) << (position % 8)));
    }
    return bytes;
}

std::uint32_t code_at(std::span<const std::uint8_t> bytes, std::size_t index, int bits) {
    std::uint32_t code = 0;
    std::size_t position = index * static_cast<std::size_t>(bits);
    for (int b = 0; b < bits; ++b, ++position)
        code |= static_cast<std::uint32_t>((bytes[position / 8] >> (position % 8)) & 1) << b;
    return code;
}

std::int32_t sign_extend(std::uint32_t code, int bits) {
    const auto value = static_cast<std::int32_t>(code);
    return value > signed_max(bits) ? value - (1 << bits) : value;
}

// Widths of 1, 2 and 3 bits have half-integer levels, stored as odd integers.
bool half_integer_levels(int width) { return width <= 3; }

}  // namespace

bool level_allowed(int level, int width) {
    if (width == ternary_width) return level >= -1 && level <= 1;
    if (half_integer_levels(width)) {
        const int largest = (1 << width) - 1;
        return level % 2 != 0 && level >= -largest && level <= largest;
    }
    return level >= -signed_max(width) && level <= signed_max(width);
}

std::size_t packed_field_bytes(std::size_t count, int bits) { return (count * static_cast<std::size_t>(bits) + 7) / 8; }

std::size_t packed_weight_bytes(std::size_t count, int width) {
    return width == ternary_width ? (count + trits_per_byte - 1) / trits_per_byte : packed_field_bytes(count, width);
}

std::vector<std::uint8_t> pack_weights(std::span<const std::int8_t> levels, int width) {
    if (width == ternary_width) {
        std::vector<std::uint8_t> bytes(packed_weight_bytes(levels.size(), width), 0);
        for (std::size_t i = levels.size(); i-- > 0;)  // the first trit is the least significant digit
            bytes[i / trits_per_byte] = static_cast<std::uint8_t>(bytes[i / trits_per_byte] * 3 + (levels[i] + 1));
        return bytes;
    }
    const int offset = (1 << width) - 1;
    return pack_bits(levels.size(), width, [&](std::size_t i) {
        return static_cast<std::uint32_t>(half_integer_levels(width) ? (levels[i] + offset) / 2 : levels[i]);
    });
}

std::vector<std::int8_t> unpack_weights(std::span<const std::uint8_t> bytes, std::size_t count, int width) {
    std::vector<std::int8_t> levels(count);
    if (width == ternary_width) {
        for (std::size_t i = 0; i < count; ++i) {
            int byte = bytes[i / trits_per_byte];
            for (std::size_t digit = 0; digit < i % trits_per_byte; ++digit) byte /= 3;
            levels[i] = static_cast<std::int8_t>(byte % 3 - 1);
        }
        return levels;
    }
    const int offset = (1 << width) - 1;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t code = code_at(bytes, i, width);
        levels[i] = static_cast<std::int8_t>(half_integer_levels(width) ? 2 * static_cast<int>(code) - offset
                                                                        : sign_extend(code, width));
    }
    return levels;
}

std::vector<std::uint8_t> pack_fields(std::span<const std::int16_t> values, int bits) {
    return pack_bits(values.size(), bits, [&](std::size_t i) { return static_cast<std::uint32_t>(values[i]); });
}

std::vector<std::int16_t> unpack_fields(std::span<const std::uint8_t> bytes, std::size_t count, int bits,
                                        bool is_signed) {
    std::vector<std::int16_t> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t code = code_at(bytes, i, bits);
        values[i] = static_cast<std::int16_t>(is_signed ? sign_extend(code, bits) : static_cast<std::int32_t>(code));
    }
    return values;
}

}  // namespace gruve
