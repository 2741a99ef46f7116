// Preset → bytes.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/preset/preset.h"

namespace gruve {

/// Bytes of the .gruve file. Deterministic. Throws PresetError where check(preset) complains.
std::vector<std::uint8_t> serialise(const Preset&);

}  // namespace gruve
