// A lock that admits one process at a time to a folder.
#pragma once

#include <filesystem>

#include "datasets/system/held_file.h"

namespace gruve {

/// Locks `folder` until destruction; the operating system releases the lock if the process dies. The constructor throws
/// DataError if another process holds the lock or the lock file (.lock) cannot be opened.
class FolderLock {
public:
    explicit FolderLock(const std::filesystem::path& folder);

private:
    HeldFile file_;
};

}  // namespace gruve
