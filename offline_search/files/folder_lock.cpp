#include "offline_search/files/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "datasets/support/data_error.h"

namespace gruve {

FolderLock::FolderLock(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / ".lock";
    file_ = open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0666);
    if (file_ < 0) throw DataError(path.string() + ": cannot be opened: " + std::strerror(errno));
    if (flock(file_, LOCK_EX | LOCK_NB) == 0) return;
    close(file_);
    throw DataError(folder.string() + ": another search uses this folder; wait until it ends, or choose another --out");
}

FolderLock::~FolderLock() { close(file_); }

}  // namespace gruve
