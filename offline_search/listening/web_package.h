// Finds the browser's package, where it was built.
#pragma once

#include <filesystem>
#include <optional>

#include "offline_search/report/listen_section.h"

namespace gruve {

/// What people do about a missing package, as the end of a sentence.
inline constexpr const char* how_to_build_the_web_package =
    "the browser's package is not built. Run plugin/web/pack (it needs emscripten), then gruve report --listen.";

/// Looks in the folder that the environment variable GRUVE_WEB names, in build/web/gruve beside the program's build,
/// and in share/gruve/web of its installation. Empty where none has it. Throws DataError for an incomplete package.
std::optional<WebPackage> find_web_package();

}  // namespace gruve
