#include "offline_search/files/file_lock.h"

#include <system_error>

#include "datasets/support/data_error.h"

namespace gruve {
namespace {

std::filesystem::path lock_of(std::filesystem::path path) { return path += ".lock"; }

}  // namespace

FileLock::FileLock(const std::filesystem::path& path) try : file_(lock_of(path), HeldFile::AtEnd::remove) {
    if (!file_.held())
        throw DataError(path.string() +
                        ": another process is writing this file; wait until it ends, or choose another --out");
} catch (const std::system_error& error) {
    throw DataError(lock_of(path).string() + ": cannot be made: " + error.code().message());
}

}  // namespace gruve
