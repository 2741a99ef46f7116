// Exports a preset's integer networks as one C header, for gruve_device.h and gruve_bands.h of engine/device.
#pragma once

#include <string>

#include "engine/preset/preset.h"

namespace gruve {

/// The network's name in the header: "preset" and the words of the preset's name, in lower case, joined by '_'.
std::string c_name(const Preset&);
/// The same of its first stage's network, where it has one.
std::string c_name_of_first_stage(const Preset&);

/// The header: for each network packed arrays as static const data, the network under its name (a gruve_model, or a
/// gruve_bands if it has bands), its sizes as constants, and the scales of input and output. It is C99 and pure ASCII,
/// whatever characters the preset's texts hold. Throws PresetError, with the preset's name, if check(preset) finds a
/// fault or a network is a float one.
std::string export_c(const Preset&);

}  // namespace gruve
