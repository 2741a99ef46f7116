#include "offline_search/files/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "datasets/support/data_error.h"

namespace gruve {
namespace {

/// Whether `path` still names the open file: its last owner removes it, perhaps after we opened it.
bool names(const std::filesystem::path& path, int file) {
    struct stat opened {
    }, named{};
    return fstat(file, &opened) == 0 && stat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
           opened.st_dev == named.st_dev;
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& path) : lock_(path) {
    lock_ += ".lock";
    for (;;) {
        file_ = open(lock_.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0666);
        if (file_ < 0) throw DataError(lock_.string() + ": cannot be made: " + std::strerror(errno));
        const bool locked = flock(file_, LOCK_EX | LOCK_NB) == 0;
        if (locked && names(lock_, file_)) return;
        close(file_);
        if (!locked)
            throw DataError(path.string() +
                            ": another process is writing this file; wait until it ends, or choose another --out");
    }
}

FileLock::~FileLock() {
    unlink(lock_.c_str());  // while it is locked, so that it is our own
    close(file_);
}

}  // namespace gruve
