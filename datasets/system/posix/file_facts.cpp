#include "datasets/system/file_facts.h"

#include <sys/stat.h>

namespace gruve {

std::optional<FileFacts> facts_of(const std::filesystem::path& path) {
    struct stat info {};
    if (stat(path.c_str(), &info) != 0) return std::nullopt;
    return FileFacts{info.st_dev, info.st_ino, info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec};
}

}  // namespace gruve
