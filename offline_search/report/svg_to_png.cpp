#include "offline_search/report/svg_to_png.h"

#include <stdexcept>
#include <string>
#include <system_error>

#include "datasets/system/process.h"

namespace gruve {

void svg_to_png(const std::filesystem::path& svg, const std::filesystem::path& png) {
    const std::string program = "rsvg-convert", to = png.string() + ".part";
    int status = 0;
    try {
        status = run_program({program, "--output", to, svg.string()}, Output::shown);
    } catch (const std::system_error& error) {
        if (error.code() == std::errc::no_such_file_or_directory)
            throw std::runtime_error(
                "PNG files need the program rsvg-convert, which is not installed (Debian: apt-get install "
                "librsvg2-bin)");
        throw std::runtime_error(program + ": " + error.code().message());
    }
    if (status != 0) {
        std::error_code ignored;
        std::filesystem::remove(to, ignored);
        throw std::runtime_error(png.string() + ": rsvg-convert failed to write it");
    }
    std::filesystem::rename(to, png);
}

}  // namespace gruve
