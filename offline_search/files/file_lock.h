// A lock that admits one process at a time to a file that it makes.
#pragma once

#include <filesystem>

#include "datasets/system/held_file.h"

namespace gruve {

/// Holds PATH.lock until destruction, which removes it. The operating system releases the lock if the process dies; a
/// lock file that is left then locks nobody out. The constructor throws DataError, naming `path`, if another process
/// holds the lock or the lock file cannot be made.
class FileLock {
public:
    explicit FileLock(const std::filesystem::path& path);

private:
    HeldFile file_;
};

}  // namespace gruve
