// Opening files whose paths are UTF-8, as gruve.h says.
#pragma once

#include <cstdio>
#include <string>
#ifdef _WIN32
#include <filesystem>
#endif

namespace gruve {

/// Null, with the reason in errno, if the file can't be opened for reading.
inline std::FILE* open_to_read(const std::string& path) {
#ifdef _WIN32
    const std::u8string text(path.begin(), path.end());
    return _wfopen(std::filesystem::path(text).c_str(), L"rb");
#else
    return std::fopen(path.c_str(), "rb");
#endif
}

}  // namespace gruve
