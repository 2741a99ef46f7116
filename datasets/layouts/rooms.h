// Impulse responses of rooms.
#pragma once

#include <filesystem>
#include <vector>

#include "datasets/audio/read_log.h"

namespace gruve {

inline constexpr double longest_room_s = 0.4;  // seconds that are kept of a response

/// Reads every audio file below `folder` as an impulse response, resampled to rate_hz. A response starts at the direct
/// sound (its peak), is cut to longest_room_s and scaled to unit energy. Silent and unreadable files are added to `log`
/// as bad. Throws DataError if the folder holds no audio.
std::vector<std::vector<float>> read_rooms(const std::filesystem::path& folder, int rate_hz, ReadLog& log);

}  // namespace gruve
