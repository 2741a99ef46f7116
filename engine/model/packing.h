// Integers packed at their widths: a little-endian bit stream, least significant bit first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace gruve {

/// Bytes of `count` packed weights. width: 1, 2..8 or ternary_width.
std::size_t packed_weight_bytes(std::size_t count, int width);
/// Packs levels as in Linear::weights. Each must be a level of the width.
std::vector<std::uint8_t> pack_weights(std::span<const std::int8_t> levels, int width);
/// Inverse of pack_weights(). bytes.size() must be packed_weight_bytes(count, width).
std::vector<std::int8_t> unpack_weights(std::span<const std::uint8_t> bytes, std::size_t count, int width);
/// Whether weights of this width can have this level.
bool level_allowed(int level, int width);

/// Plain fields of 1..16 bits, for tables and biases.
std::size_t packed_field_bytes(std::size_t count, int bits);
std::vector<std::uint8_t> pack_fields(std::span<const std::int16_t> values, int bits);
std::vector<std::int16_t> unpack_fields(std::span<const std::uint8_t> bytes, std::size_t count, int bits,
                                        bool is_signed);

}  // namespace gruve
