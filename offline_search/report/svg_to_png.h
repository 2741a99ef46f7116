// Pictures for where SVG isn't shown.
#pragma once

#include <filesystem>

namespace gruve {

/// Draws an SVG file as a PNG file of its size, by the program rsvg-convert. Throws std::runtime_error where that is missing, saying what to install,
/// or where it fails.
void svg_to_png(const std::filesystem::path& svg, const std::filesystem::path& png);

}  // namespace gruve
