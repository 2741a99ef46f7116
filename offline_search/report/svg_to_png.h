// PNG pictures, for places that don't show SVG.
#pragma once

#include <filesystem>

namespace gruve {

/// Draws an SVG file as a PNG file of the same size with the program rsvg-convert. Throws std::runtime_error where
/// the program is missing (the message says what to install) or fails.
void svg_to_png(const std::filesystem::path& svg, const std::filesystem::path& png);

}  // namespace gruve
