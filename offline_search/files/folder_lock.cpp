#include "offline_search/files/folder_lock.h"

#include <system_error>

#include "datasets/support/data_error.h"

namespace gruve {

FolderLock::FolderLock(const std::filesystem::path& folder) try : file_(folder / ".lock", HeldFile::AtEnd::keep) {
    if (!file_.held())
        throw DataError(folder.string() +
                        ": another search uses this folder; wait until it ends, or choose another --out");
} catch (const std::system_error& error) {
    throw DataError((folder / ".lock").string() + ": cannot be opened: " + error.code().message());
}

}  // namespace gruve
