// A preset's integer network as one C header, for engine/device/gruve_device.h.
#pragma once

#include <string>

#include "engine/preset/preset.h"

namespace gruve {

/// The name that the header's model has in C: "preset" and the words of the preset's name, in lower case, joined by '_'.
std::string c_name(const Preset&);

/// The header: packed arrays as static const data, the model c_name(), its sizes as constants, input and output scales.
/// C99, ASCII whatever the preset's texts hold. Throws PresetError where check(preset) complains.
std::string export_c(const Preset&);

}  // namespace gruve
