// A temporary folder of presets, and a way to wait for the library that reads it.
#pragma once

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <random>

#include "plugin/presets/preset_library.h"

namespace gruve::plugin::test {

struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("gruve_library_" + std::to_string(std::random_device{}()));
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }
    void add(const std::string& name, const std::vector<std::uint8_t>& bytes) const {
        std::ofstream(path / name, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }
};

/// Waits until the library has read everything.
inline std::shared_ptr<const LibraryContent> all_of(const PresetLibrary& library) {
    for (int i = 0; i < 10000 && library.scanning(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    BOOST_REQUIRE(!library.scanning());
    return library.content();
}

}  // namespace gruve::plugin::test
