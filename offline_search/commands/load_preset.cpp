#include "offline_search/commands/load_preset.h"

#include <fstream>
#include <iterator>
#include <vector>

#include "datasets/support/data_error.h"
#include "engine/preset/deserialise_preset.h"

namespace gruve {

Preset load_preset(const std::filesystem::path& path, Networks allowed) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw DataError(path.string() + ": cannot be read");
    const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
    try {
        Preset preset = deserialise(bytes);
        if (preset.is_float() && allowed == Networks::integer)
            throw PresetError("holds the float network, which only render, listen, info and the plugin accept");
        return preset;
    } catch (const PresetError& error) {
        throw PresetError(path.string() + ": " + error.what());
    }
}

}  // namespace gruve
