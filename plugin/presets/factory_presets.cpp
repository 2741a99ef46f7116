#include "plugin/presets/factory_presets.h"

#include <algorithm>
#include <filesystem>

#if GRUVE_HAS_FACTORY_PRESETS
#include "factory_data.h"
#endif

namespace gruve::plugin {

const std::vector<FactoryPreset>& factory_presets() {
    static const std::vector<FactoryPreset> presets = [] {
        std::vector<FactoryPreset> found;
#if GRUVE_HAS_FACTORY_PRESETS
        for (int i = 0; i < factory_data::namedResourceListSize; ++i) {
            int size = 0;
            const char* data = factory_data::getNamedResource(factory_data::namedResourceList[i], size);
            found.push_back({std::filesystem::path(factory_data::originalFilenames[i]).stem().string(),
                             {reinterpret_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)}});
        }
        std::ranges::sort(found, {}, &FactoryPreset::name);
#endif
        return found;
    }();
    return presets;
}

const FactoryPreset* default_factory_preset() {
    const auto& presets = factory_presets();
    const auto named = [&](const char* part) {
        return std::ranges::find_if(presets, [part](const FactoryPreset& preset) {
            return preset.name.starts_with("denoise") && preset.name.find(part) != std::string::npos;
        });
    };
    auto found = named("recommended");
    if (found == presets.end()) found = named("");
    if (found != presets.end()) return &*found;
    return presets.empty() ? nullptr : &presets.front();
}

}  // namespace gruve::plugin
