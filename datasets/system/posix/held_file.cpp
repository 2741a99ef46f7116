#include "datasets/system/held_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace gruve {
namespace {

/// Whether `path` still names the open file: its last owner may remove it after we opened it.
bool names(const std::filesystem::path& path, int file) {
    struct stat opened {
    }, named{};
    return fstat(file, &opened) == 0 && stat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
           opened.st_dev == named.st_dev;
}

}  // namespace

HeldFile::HeldFile(std::filesystem::path path, AtEnd at_end) : path_(std::move(path)), at_end_(at_end) {
    for (;;) {
        const int file = open(path_.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0666);
        if (file < 0) throw std::system_error(errno, std::generic_category());
        const bool locked = flock(file, LOCK_EX | LOCK_NB) == 0;
        const int failed = locked ? 0 : errno;
        if (locked && (at_end == AtEnd::keep || names(path_, file))) {
            file_ = file;
            return;
        }
        close(file);
        if (failed == EWOULDBLOCK) return;
        if (failed != 0) throw std::system_error(failed, std::generic_category());
    }
}

HeldFile::~HeldFile() {
    if (!held()) return;
    if (at_end_ == AtEnd::remove) unlink(path_.c_str());  // while it is locked, so that it is our own
    close(static_cast<int>(file_));
}

}  // namespace gruve
