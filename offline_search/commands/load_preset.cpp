#include <fstream>
#include <iterator>
#include <vector>

#include "datasets/audio_file.h"
#include "engine/preset.h"
#include "offline_search/commands/commands.h"

namespace gruve {

Preset load_preset(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw DataError(path.string() + ": can't be read");
    const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
    try {
        return deserialise(bytes);
    } catch (const PresetError& error) {
        throw PresetError(path.string() + ": " + error.what());
    }
}

}  // namespace gruve
