// The envelope of a .gruve file: magic bytes, version, checksum and payload size, then the FlatBuffers payload.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace gruve {

/// CRC-32 (IEEE 802.3, reflected).
std::uint32_t crc32(std::span<const std::uint8_t> bytes);

/// A file of this version with this payload.
std::vector<std::uint8_t> wrap_preset(std::span<const std::uint8_t> payload, std::uint32_t version = 1);
/// The payload of a file. Throws PresetError for another kind of file, a version beyond preset_format_version, and a
/// truncated or altered file.
std::span<const std::uint8_t> unwrap_preset(std::span<const std::uint8_t> file);

}  // namespace gruve
