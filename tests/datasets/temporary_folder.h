// A temporary folder for one test, and helpers that put small recordings into it.
#pragma once

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "datasets/audio/audio_file.h"
#include "datasets/support/data_error.h"

namespace gruve::test {

namespace fs = std::filesystem;

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = (fs::temp_directory_path() / "gruve-datasets-XXXXXX").string();
        BOOST_REQUIRE(mkdtemp(name.data()));
        path_ = name;
    }
    ~TemporaryFolder() { fs::remove_all(path_); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const fs::path& path() const { return path_; }
    fs::path operator/(const fs::path& name) const { return path_ / name; }

    /// Writes a mono WAV file; makes sub-folders as needed.
    fs::path wav(const fs::path& name, const std::vector<float>& samples, int rate_hz = 16000) const {
        fs::create_directories((path_ / name).parent_path());
        write_wav(path_ / name, {samples}, rate_hz);
        return path_ / name;
    }
    fs::path file(const fs::path& name, const std::string& bytes) const {
        fs::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name, std::ios::binary) << bytes;
        return path_ / name;
    }

private:
    fs::path path_;
};

inline std::vector<float> sine(double hz, double seconds, int rate_hz = 16000, double amplitude = 0.3) {
    std::vector<float> out(static_cast<std::size_t>(seconds * rate_hz));
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<float>(amplitude * std::sin(2.0 * M_PI * hz * static_cast<double>(i) / rate_hz));
    return out;
}

/// Checks that the call throws a DataError whose message contains each of these texts.
template <class Call>
void check_data_error(const Call& call, const std::vector<std::string>& texts) {
    BOOST_CHECK_EXCEPTION(call(), DataError, [&](const DataError& error) {
        for (const std::string& text : texts)
            BOOST_CHECK_MESSAGE(std::string(error.what()).find(text) != std::string::npos,
                                "\"" << text << "\" is not in \"" << error.what() << "\"");
        return true;
    });
}

}  // namespace gruve::test
