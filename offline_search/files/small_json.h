// Small JSON texts (a recipe, a description, a header) from files that are not trusted.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace gruve {

/// Parses one JSON object of at most 1024 values, nested at most three deep; comments are skipped. The limits are there
/// because a tree of JSON takes up to fifty times the memory of its text, and printing a deep one can exhaust the
/// stack. `file` is the name in messages. Throws DataError, naming file and place, for anything else.
nlohmann::json parse_small_json(const std::string& file, std::string_view text);

}  // namespace gruve
