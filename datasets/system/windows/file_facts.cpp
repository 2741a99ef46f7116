#include "datasets/system/file_facts.h"

#include <windows.h>

namespace gruve {
namespace {

std::uint64_t joined(DWORD high, DWORD low) { return std::uint64_t{high} << 32 | low; }

}  // namespace

std::optional<FileFacts> facts_of(const std::filesystem::path& path) {
    constexpr DWORD shared = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    const HANDLE file = CreateFileW(path.c_str(), FILE_READ_ATTRIBUTES, shared, nullptr, OPEN_EXISTING,
                                    FILE_FLAG_BACKUP_SEMANTICS, nullptr);  // the flag admits folders
    if (file == INVALID_HANDLE_VALUE) return std::nullopt;
    BY_HANDLE_FILE_INFORMATION info{};
    const bool known = GetFileInformationByHandle(file, &info) != 0;
    CloseHandle(file);
    if (!known) return std::nullopt;
    constexpr std::uint64_t steps_per_second = 10000000;  // since 1601
    const std::uint64_t written = joined(info.ftLastWriteTime.dwHighDateTime, info.ftLastWriteTime.dwLowDateTime);
    return FileFacts{info.dwVolumeSerialNumber, joined(info.nFileIndexHigh, info.nFileIndexLow),
                     static_cast<std::int64_t>(joined(info.nFileSizeHigh, info.nFileSizeLow)),
                     static_cast<std::int64_t>(written / steps_per_second),
                     static_cast<std::int64_t>(written % steps_per_second * 100)};
}

}  // namespace gruve
