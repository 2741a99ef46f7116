#include "datasets/system/held_file.h"

#include <windows.h>

#include <system_error>
#include <utility>

namespace gruve {

HeldFile::HeldFile(std::filesystem::path path, AtEnd at_end) : path_(std::move(path)), at_end_(at_end) {
    // Nobody else may open the file while it is open here, and the system removes it even if the process dies.
    const DWORD flags = FILE_ATTRIBUTE_NORMAL | (at_end == AtEnd::remove ? FILE_FLAG_DELETE_ON_CLOSE : 0);
    const DWORD access = GENERIC_READ | GENERIC_WRITE | (at_end == AtEnd::remove ? DELETE : 0);
    const HANDLE file = CreateFileW(path_.c_str(), access, 0, nullptr, OPEN_ALWAYS, flags, nullptr);
    if (file != INVALID_HANDLE_VALUE) {
        file_ = reinterpret_cast<std::intptr_t>(file);
        return;
    }
    const DWORD error = GetLastError();
    if (error != ERROR_SHARING_VIOLATION) throw std::system_error(static_cast<int>(error), std::system_category());
}

HeldFile::~HeldFile() {
    if (held()) CloseHandle(reinterpret_cast<HANDLE>(file_));
}

}  // namespace gruve
