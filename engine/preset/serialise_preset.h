// From a preset to the bytes of its file.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/preset/preset.h"

namespace gruve {

/// The bytes of the .gruve file, always the same for the same preset. Throws PresetError with check()'s sentence if the
/// preset is not sound.
std::vector<std::uint8_t> serialise(const Preset&);

}  // namespace gruve
