// A file that one process at a time holds.
#pragma once

#include <cstdint>
#include <filesystem>

namespace gruve {

/// Makes or opens the file, and holds it until destruction. The operating system lets go of it if the process dies.
class HeldFile {
public:
    enum class AtEnd { keep, remove };

    /// Throws std::system_error, with the system's reason, if the file can be neither made nor opened, or its
    /// file system has no locks.
    HeldFile(std::filesystem::path, AtEnd);
    ~HeldFile();
    HeldFile(const HeldFile&) = delete;
    HeldFile& operator=(const HeldFile&) = delete;

    /// False if another process holds the file.
    bool held() const { return file_ != none; }

private:
    static constexpr std::intptr_t none = -1;
    std::filesystem::path path_;
    AtEnd at_end_;
    std::intptr_t file_ = none;  // the system's number
};

}  // namespace gruve
