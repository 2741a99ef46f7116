// The path of a file as seen from a folder above it.
#pragma once

#include <filesystem>
#include <string>

namespace gruve {

/// As file.lexically_relative(folder), with '/' between names: "speaker/1.wav". Twenty times as fast for a file whose
/// path begins with the folder's, which counts for collections of 100,000 files.
std::string path_below(const std::filesystem::path& folder, const std::filesystem::path& file);

}  // namespace gruve
