// Names from file systems and command lines, which may be any bytes, as text.
#pragma once

#include <string>
#include <string_view>

namespace gruve {

/// Whether the bytes are UTF-8, which JSON and presets hold all text in.
bool is_utf8(std::string_view);

/// The text with every byte that isn't part of UTF-8 written as \xNN: "gr\xfc\xdfe" for grüße in Latin-1. UTF-8 stays
/// as it is.
std::string escaped(std::string_view);

}  // namespace gruve
