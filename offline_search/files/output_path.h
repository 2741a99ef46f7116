// Refuses outputs that cannot be written, before any work is done for them.
#pragma once

#include <filesystem>

namespace gruve {

/// Throws DataError, naming the path and the reason, unless a file can be made there: its folder exists and accepts
/// files, and the path itself is free or a file. A folder, a device (/dev/null) or a pipe is refused, because results
/// are written beside the path and then renamed. Makes nothing.
void require_writable_file(const std::filesystem::path&);

/// The same for a folder of results, which need not exist yet, nor the folders above it.
void require_writable_folder(const std::filesystem::path&);

}  // namespace gruve
