// Impulse responses of rooms.
#pragma once

#include <filesystem>
#include <vector>

namespace gruve {

inline constexpr double kLongestRoom = 0.4;  // seconds that are kept of a room response

/// Impulse responses of rooms, any tree of audio files: resampled, from the direct sound (the peak) on, at unit energy. Throws
/// DataError for a file that is silent or unreadable, or a folder without audio.
std::vector<std::vector<float>> read_rooms(const std::filesystem::path& folder, int rate_hz);

}  // namespace gruve
