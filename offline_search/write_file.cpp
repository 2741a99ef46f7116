#include "offline_search/write_file.h"

#include <fstream>
#include <sstream>

#include "datasets/audio_file.h"

namespace gruve {

void write_file(const std::filesystem::path& path, std::string_view contents) {
    std::filesystem::path aside = path;
    aside += ".part";
    {
        std::ofstream out(aside, std::ios::binary | std::ios::trunc);
        out.write(contents.data(), static_cast<std::streamsize>(contents.size()));
        out.flush();
        if (!out) throw DataError(path.string() + ": cannot be written");
    }
    std::error_code error;
    std::filesystem::rename(aside, path, error);
    if (error) throw DataError(path.string() + ": cannot be written: " + error.message());
}

void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> contents) {
    write_file(path, std::string_view(reinterpret_cast<const char*>(contents.data()), contents.size()));
}

std::string read_text(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) throw DataError(path.string() + ": cannot be read");
    return text.str();
}

}  // namespace gruve
