#include "offline_search/files/write_file.h"

#include <cerrno>
#include <fstream>
#include <sstream>

#include "datasets/support/data_error.h"

namespace gruve {

void write_file(const std::filesystem::path& path, std::string_view contents) {
    std::filesystem::path aside = path;
    aside += ".part";
    std::error_code error;
    {
        errno = 0;
        std::ofstream out(aside, std::ios::binary | std::ios::trunc);
        out.write(contents.data(), static_cast<std::streamsize>(contents.size()));
        out.flush();
        if (!out) error = std::error_code(errno != 0 ? errno : EIO, std::generic_category());
    }
    if (!error) std::filesystem::rename(aside, path, error);
    if (!error) return;
    std::error_code ignored;
    std::filesystem::remove(aside, ignored);  // incomplete
    throw DataError(path.string() + ": cannot be written: " + error.message());
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
