// Facts about a file that std::filesystem doesn't tell.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace gruve {

struct FileFacts {
    std::uint64_t device = 0, number = 0;  // together they name the file, whatever its path is
    std::int64_t bytes = 0;
    std::int64_t written_s = 0, written_ns = 0;  // time of the last writing; the nanoseconds of its second
};

/// Nothing if the file doesn't exist or cannot be looked at. Follows links.
std::optional<FileFacts> facts_of(const std::filesystem::path&);

}  // namespace gruve
