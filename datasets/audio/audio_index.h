// The headers of many audio files, remembered from one start to the next.
#pragma once

#include <filesystem>
#include <vector>

#include "datasets/audio/audio_file.h"

namespace gruve {

/// The headers of `files`, in their order, read on `jobs` threads. AudioHeader::error says why one cannot be read.
/// Headers of an earlier call with the same `folder` come from an index in cache_folder(), for files whose size and
/// time of writing haven't changed. An index that cannot be read or written is done without.
std::vector<AudioHeader> headers_of(const std::filesystem::path& folder,
                                    const std::vector<std::filesystem::path>& files, int jobs);

}  // namespace gruve
