// Files mapped into memory.
#pragma once

#include <cstddef>
#include <filesystem>

namespace gruve {

struct Mapping {
    char* data = nullptr;
    std::size_t size = 0;  // in bytes
};

/// Maps a whole file, for reading. `data` is null if it is missing, empty or cannot be mapped.
Mapping map_file(const std::filesystem::path&);
void unmap(Mapping);
/// Takes the file's pages out of the process, not out of the system's cache. Reading brings them back.
void drop_pages(Mapping);
/// Bytes of mapped files that the process holds now; 0 where the system doesn't say.
std::size_t resident_bytes_of_files();

}  // namespace gruve
