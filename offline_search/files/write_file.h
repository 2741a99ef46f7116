// Whole files: reading, and writing that never leaves half a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace gruve {

/// Writes a temporary file beside the path and renames it, so that a reader sees either the old contents or the new
/// ones. Throws DataError, naming the file, if that fails; the old file is then unchanged.
void write_file(const std::filesystem::path&, std::string_view contents);
void write_file(const std::filesystem::path&, std::span<const std::uint8_t> contents);
/// Reads a whole file. Throws DataError, naming the file, if it cannot be read.
std::string read_text(const std::filesystem::path&);

}  // namespace gruve
