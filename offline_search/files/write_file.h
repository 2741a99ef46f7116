// Whole files, written aside and renamed: a reader never sees half of one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace gruve {

/// Throws DataError naming the file.
void write_file(const std::filesystem::path&, std::string_view contents);
void write_file(const std::filesystem::path&, std::span<const std::uint8_t> contents);
std::string read_text(const std::filesystem::path&);

}  // namespace gruve
