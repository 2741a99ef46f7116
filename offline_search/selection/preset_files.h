// The presets of a search on their way to disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/preset/preset.h"
#include "offline_search/selection/result.h"

namespace gruve {

/// A preset's name: the stem and the bytes, "words-5412B".
std::string file_name(const std::string& stem, const Point&);

/// Collects a search's presets in memory and then replaces the files of an earlier stage. An interrupted search leaves
/// such files; they stay as they are until all new presets are made.
class PresetFiles {
public:
    /// out: the search's folder. stem: the names of its presets start with it, "words-".
    PresetFiles(std::filesystem::path out, std::string stem);

    /// Serialises the preset. Returns its path below `out`: "presets/<name>.gruve".
    std::string add(const Preset&);

    /// Writes every preset, each file whole or not at all, and then removes other presets of this stem. `out`/presets
    /// must exist. Throws DataError where a file can't be written; nothing is removed then.
    void write() const;

private:
    std::filesystem::path out_;
    std::string stem_;
    std::map<std::filesystem::path, std::vector<std::uint8_t>> files_;
};

}  // namespace gruve
