// Bytes → preset.
#pragma once

#include <cstdint>
#include <span>

#include "engine/preset/preset.h"

namespace gruve {

/// Reads untrusted bytes: verifier, version, checksum, then every shape, width, shift and level. Throws PresetError.
/// Never asks for more than a small multiple of bytes.size().
Preset deserialise(std::span<const std::uint8_t> bytes);

}  // namespace gruve
