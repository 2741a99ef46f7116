#include "datasets/system/mapping.h"

#include <windows.h>

namespace gruve {

Mapping map_file(const std::filesystem::path& path) {
    const HANDLE file = CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, nullptr,
                                    OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
    if (file == INVALID_HANDLE_VALUE) return {};
    Mapping mapping;
    LARGE_INTEGER size{};
    if (GetFileSizeEx(file, &size) != 0 && size.QuadPart > 0) {
        if (const HANDLE section = CreateFileMappingW(file, nullptr, PAGE_READONLY, 0, 0, nullptr)) {
            if (void* data = MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0))
                mapping = {static_cast<char*>(data), static_cast<std::size_t>(size.QuadPart)};
            CloseHandle(section);
        }
    }
    CloseHandle(file);
    return mapping;
}

void unmap(Mapping mapping) { UnmapViewOfFile(mapping.data); }

/// Pages that aren't locked are released by an attempt to unlock them.
void drop_pages(Mapping mapping) { VirtualUnlock(mapping.data, mapping.size); }

/// Windows takes pages of files from a process by itself when memory gets short.
std::size_t resident_bytes_of_files() { return 0; }

}  // namespace gruve
