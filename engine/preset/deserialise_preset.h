// From the bytes of a file to a preset.
#pragma once

#include <cstdint>
#include <span>

#include "engine/preset/preset.h"

namespace gruve {

/// Reads untrusted bytes. Checks version and checksum, the structure (FlatBuffers verifier), all sizes, and then the
/// meaning (check()). Throws PresetError for any fault. Allocates at most a small multiple of bytes.size().
Preset deserialise(std::span<const std::uint8_t> bytes);

}  // namespace gruve
