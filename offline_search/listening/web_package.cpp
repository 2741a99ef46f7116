#include "offline_search/listening/web_package.h"

#include <cstdlib>
#include <vector>

#include "offline_search/files/write_file.h"

namespace gruve {
namespace {

namespace fs = std::filesystem;

/// Folders to look in, by rank.
std::vector<fs::path> places() {
    if (const char* named = std::getenv("GRUVE_WEB"); named != nullptr && *named != '\0') return {named};
    std::error_code failed;
    const fs::path program = fs::read_symlink("/proc/self/exe", failed).parent_path();
    if (failed) return {};
    return {program.parent_path().parent_path() / "web/gruve", program.parent_path() / "share/gruve/web"};
}

}  // namespace

std::optional<WebPackage> find_web_package() {
    for (const fs::path& folder : places()) {
        if (!fs::exists(folder / "gruve.wasm")) continue;
        const auto read = [&](const char* name) { return read_text(folder / name); };
        return WebPackage{read("gruve.wasm"),      read("gruve.js"), read("gruve-worklet.js"),
                          read("gruve-worker.js"), read("page.js"),  read("page.css")};
    }
    return {};
}

}  // namespace gruve
