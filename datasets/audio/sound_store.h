// Decodes many recordings and keeps them: in memory if they fit, otherwise in a file of the user's cache.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "datasets/audio/sound.h"

namespace gruve {

/// One recording as it was decoded.
struct Decoded {
    Audio audio;
    std::string error;               // why the file is bad; empty if it isn't
    std::string defect;              // why the recording isn't usable
    std::size_t begin = 0, end = 0;  // a part of the samples, for the caller's use
};

/// The same, kept.
struct Stored {
    Sound sound;  // no samples if there is an error or a defect
    std::string error, defect;
    std::size_t begin = 0, end = 0;
};

/// How much may be kept where, in bytes.
struct StoreLimits {
    std::size_t memory = std::size_t{1} << 30, cache = std::size_t{32} << 30;
};

/// Whether samples of this many seconds fit into memory. Results never depend on it.
inline bool fits(double seconds, int rate_hz, const StoreLimits& limits) {
    return seconds * rate_hz * static_cast<double>(sizeof(float)) <= static_cast<double>(limits.memory);
}

/// Decodes `keys.size()` recordings on `jobs` threads and keeps all in memory. decode(i) may be called on any thread.
std::vector<Stored> keep_in_memory(std::size_t count, const std::function<Decoded(std::size_t)>& decode, int jobs);

/// Decodes them into one file in cache_folder(), or takes the file of an earlier call with the same keys. A key names
/// the content of a recording and everything that decides how it is decoded; recordings of one key are decoded once.
/// Samples that are whole steps of 16 bits take two bytes, the others four; either way their values are those of
/// decode(). They lie in memory only while they are used: a thread drops their pages when more than half of
/// limits.memory is resident. Files of other calls are deleted, the longest unused first, if all together exceed
/// limits.cache.
/// Throws DataError if the file exceeds limits.cache or the disk, or cannot be written.
std::vector<Stored> keep_on_disk(const std::vector<std::string>& keys,
                                 const std::function<Decoded(std::size_t)>& decode, const StoreLimits& limits,
                                 int jobs);

/// For keys: tells files apart by device, number, size and time of writing, so that links to a file are the same.
std::string identity_of(const std::filesystem::path&);

}  // namespace gruve
