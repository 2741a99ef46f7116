// Exports a preset's integer network as one C header, for engine/device/gruve_device.h.
#pragma once

#include <string>

#include "engine/preset/preset.h"

namespace gruve {

/// The model's name in the header: "preset" and the words of the preset's name, in lower case, joined by '_'.
std::string c_name(const Preset&);

/// The header: packed arrays as static const data, the model c_name(), its sizes as constants, and the scales of input
/// and output. It is C99 and pure ASCII, whatever characters the preset's texts hold. Throws PresetError if
/// check(preset) finds a fault, or for two networks or a network of bands, which gruve_device.h does not run.
std::string export_c(const Preset&);

}  // namespace gruve
