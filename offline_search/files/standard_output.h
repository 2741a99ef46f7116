// What a command prints: nothing is lost in silence.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace gruve {

/// Sends on what std::cout and printf() hold. Throws DataError if any of it could not be written: the disk is full, or
/// the reader of the pipe has ended.
void flush_standard_output();

/// JSON, indented by `indent` spaces, or on one line (−1). Bytes that aren't UTF-8 (of a file's name) become U+FFFD.
std::string text_of(const nlohmann::ordered_json&, int indent = 2);

}  // namespace gruve
