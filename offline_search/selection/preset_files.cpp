#include "offline_search/selection/preset_files.h"

#include <utility>

#include "engine/preset/serialise_preset.h"
#include "offline_search/files/write_file.h"

namespace gruve {
namespace {

constexpr const char* folder_name = "presets";
constexpr const char* extension = ".gruve";

}  // namespace

std::string file_name(const std::string& stem, const Point& point) {
    return stem + std::to_string(static_cast<long>(point.objectives.bytes)) + "B";
}

PresetFiles::PresetFiles(std::filesystem::path out, std::string stem) : out_(std::move(out)), stem_(std::move(stem)) {}

std::string PresetFiles::add(const Preset& preset) {
    const std::string file = std::string(folder_name) + "/" + preset.name + extension;
    files_[out_ / file] = serialise(preset);
    return file;
}

void PresetFiles::write() const {
    for (const auto& [path, bytes] : files_) write_file(path, bytes);
    std::vector<std::filesystem::path> old;
    for (const auto& entry : std::filesystem::directory_iterator(out_ / folder_name))
        if (entry.path().extension() == extension && entry.path().filename().string().starts_with(stem_) &&
            !files_.contains(entry.path()))
            old.push_back(entry.path());
    for (const auto& path : old) std::filesystem::remove(path);
}

}  // namespace gruve
