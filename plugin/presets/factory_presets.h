// The presets that travel inside the plugin.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace gruve::plugin {

struct FactoryPreset {
    std::string name;  // of the file, without its ending
    std::span<const std::uint8_t> bytes;
};

/// Sorted by name; empty in a build without presets.
const std::vector<FactoryPreset>& factory_presets();

/// What a new instance plays: the recommended denoiser, else another one, else the first of all; null where there is none.
const FactoryPreset* default_factory_preset();

}  // namespace gruve::plugin
