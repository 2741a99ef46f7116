// One program at a time in a folder.
#pragma once

#include <filesystem>

namespace gruve {

/// Held until destruction, or until the process dies in whatever way. Throws DataError where another process holds it.
class FolderLock {
public:
    explicit FolderLock(const std::filesystem::path& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int file_;
};

}  // namespace gruve
