// The presets that are built into the plugin.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace gruve::plugin {

struct FactoryPreset {
    std::string name;  // file name without extension
    std::span<const std::uint8_t> bytes;
};

/// Sorted by name. Empty in a build without presets.
const std::vector<FactoryPreset>& factory_presets();

/// The preset of a new instance: the recommended denoiser, else any denoiser, else the first preset, else null.
const FactoryPreset* default_factory_preset();

}  // namespace gruve::plugin
