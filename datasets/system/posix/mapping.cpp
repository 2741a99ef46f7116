#include "datasets/system/mapping.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

namespace gruve {

Mapping map_file(const std::filesystem::path& path) {
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return {};
    struct stat info {};
    void* data = MAP_FAILED;
    if (fstat(file, &info) == 0 && info.st_size > 0)
        data = mmap(nullptr, static_cast<std::size_t>(info.st_size), PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (data == MAP_FAILED) return {};
    return {static_cast<char*>(data), static_cast<std::size_t>(info.st_size)};
}

void unmap(Mapping mapping) { munmap(mapping.data, mapping.size); }

void drop_pages(Mapping mapping) { madvise(mapping.data, mapping.size, MADV_DONTNEED); }

std::size_t resident_bytes_of_files() {
    std::FILE* file = std::fopen("/proc/self/statm", "r");
    if (!file) return 0;
    unsigned long size = 0, resident = 0, shared = 0;
    const int read = std::fscanf(file, "%lu %lu %lu", &size, &resident, &shared);
    std::fclose(file);
    return read == 3 ? shared * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) : 0;
}

}  // namespace gruve
