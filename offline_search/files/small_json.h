// JSON that says a few things (a recipe, a description, a header), from a file that nobody vouches for.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace gruve {

/// Comments are skipped. Throws DataError naming the file and the place for anything but one object of at most 1024 values, nested three
/// deep: a tree of JSON takes up to fifty times its text, and deep ones take the stack of those who print them.
nlohmann::json parse_small_json(const std::string& file, std::string_view text);

}  // namespace gruve
