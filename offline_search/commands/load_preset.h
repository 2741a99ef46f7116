// Presets from files.
#pragma once

#include <filesystem>

#include "engine/preset/preset.h"

namespace gruve {

/// The presets that a command can use: only integer networks, or also float ones.
enum class Networks { integer, any };

/// Reads a .gruve file. Throws DataError where it can't be read and PresetError where it is no preset or its network
/// isn't allowed. Both name the file.
Preset load_preset(const std::filesystem::path&, Networks allowed = Networks::integer);

}  // namespace gruve
