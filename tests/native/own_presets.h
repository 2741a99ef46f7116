// A person's own presets for one test.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace gruve::test {

/// A folder that $GRUVE_PRESETS names while this object lives. The files get the numbers 1000, 1001, … in order.
class OwnPresets {
public:
    OwnPresets() {
        std::string name = (std::filesystem::temp_directory_path() / "gruve-own-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        setenv("GRUVE_PRESETS", folder_.c_str(), 1);
    }
    ~OwnPresets() {
        unsetenv("GRUVE_PRESETS");
        std::filesystem::remove_all(folder_);
    }
    OwnPresets(const OwnPresets&) = delete;
    OwnPresets& operator=(const OwnPresets&) = delete;

    /// Returns the number.
    int add(const std::vector<std::uint8_t>& bytes) {
        const std::string name = "own" + std::to_string(count_);
        std::ofstream(folder_ / (name + ".gruve"), std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        std::ofstream(folder_ / "numbers.txt", std::ios::app) << 1000 + count_ << ' ' << name << '\n';
        return 1000 + count_++;
    }

private:
    std::filesystem::path folder_;
    int count_ = 0;
};

}  // namespace gruve::test
