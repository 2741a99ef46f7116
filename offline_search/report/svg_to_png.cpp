#include "offline_search/report/svg_to_png.h"

#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

extern char** environ;

namespace gruve {

void svg_to_png(const std::filesystem::path& svg, const std::filesystem::path& png) {
    std::string program = "rsvg-convert", option = "--output", to = png.string() + ".part", from = svg.string();
    char* arguments[] = {program.data(), option.data(), to.data(), from.data(), nullptr};
    pid_t process = 0;
    const int failed = posix_spawnp(&process, program.c_str(), nullptr, nullptr, arguments, environ);
    if (failed == ENOENT)
        throw std::runtime_error(
            "PNG files need the program rsvg-convert, which is not installed (Debian: apt-get install librsvg2-bin)");
    if (failed != 0) throw std::runtime_error(program + ": " + std::generic_category().message(failed));
    int status = 0;
    while (waitpid(process, &status, 0) < 0)
        if (errno != EINTR) throw std::runtime_error(program + ": " + std::generic_category().message(errno));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        std::error_code ignored;
        std::filesystem::remove(to, ignored);
        throw std::runtime_error(png.string() + ": rsvg-convert failed to write it");
    }
    std::filesystem::rename(to, png);
}

}  // namespace gruve
