#include "datasets/support/path_below.h"

#include <utility>

namespace gruve {

namespace {

/// Parts of a path as they stand in tables and indices, with slashes.
[[maybe_unused]] std::string portable(std::string&& text) { return std::move(text); }
[[maybe_unused]] std::string portable(std::wstring&& text) { return std::filesystem::path(text).generic_string(); }

}  // namespace

std::string path_below(const std::filesystem::path& folder, const std::filesystem::path& file) {
    using Text = std::filesystem::path::string_type;
    constexpr auto slash = std::filesystem::path::preferred_separator;
    const Text &above = folder.native(), &name = file.native();
    const std::size_t at = above.size() + 1;
    const bool begins = !above.empty() && name.size() > at && name.starts_with(above) && name[at - 1] == slash;
    return begins && name[at] != slash ? portable(name.substr(at)) : file.lexically_relative(folder).generic_string();
}

}  // namespace gruve
