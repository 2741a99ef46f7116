#include "offline_search/files/output_path.h"

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>

#include "datasets/support/data_error.h"
#include "datasets/system/process.h"

namespace gruve {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const std::string& why) {
    throw DataError(path.string() + ": cannot be written: " + why);
}

/// `folder` holds `path`, now or later.
void require_room(const fs::path& folder, const fs::path& path) {
    std::error_code error;
    if (!fs::exists(folder, error)) refuse(path, "the folder " + folder.string() + " does not exist");
    if (!fs::is_directory(folder, error)) refuse(path, folder.string() + " is not a folder");
    // Only trying tells: access() says yes to root even where nobody can make a file.
    const fs::path trial = folder / (".gruve-" + std::to_string(process_id()));
    errno = 0;
    if (!std::ofstream(trial, std::ios::app))
        refuse(path, "folder " + folder.string() + ": " + std::generic_category().message(errno));
    fs::remove(trial, error);
}

}  // namespace

void require_writable_file(const fs::path& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (fs::is_directory(status)) refuse(path, "is a folder; a file is expected");
    if (fs::exists(status) && !fs::is_regular_file(status)) refuse(path, "is a device or a pipe; a file is expected");
    if (!path.has_filename()) refuse(path, "has no file name");
    require_room(path.has_parent_path() ? path.parent_path() : fs::path("."), path);
}

void require_writable_folder(const fs::path& path) {
    std::error_code error;
    fs::path folder = path.has_filename() ? path : path.parent_path();  // without a slash at the end
    while (!folder.empty() && !fs::exists(folder, error)) folder = folder.parent_path();
    require_room(folder.empty() ? fs::path(".") : folder, path);
}

}  // namespace gruve
