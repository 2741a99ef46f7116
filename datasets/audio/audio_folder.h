// Folders of recordings.
#pragma once

#include <filesystem>
#include <vector>

#include "datasets/audio/audio_file.h"

namespace gruve {

/// By the name's ending, in any case: wav, flac, ogg, opus, mp3, aif(f), caf, w64, au. Hidden files (._x.wav) don't count.
bool is_audio_file(const std::filesystem::path&);

/// Every audio file under a folder, sub-folders included, in the order of their names. `what` names the folder's role in the
/// DataError for a folder that is missing, isn't one, or holds no audio.
std::vector<std::filesystem::path> audio_files(const std::filesystem::path& folder, const std::string& what);

/// Reads all files on `jobs` threads, in order, resampled to rate_hz (0: as they are). Throws the DataError of the first bad
/// file.
std::vector<Audio> read_all(const std::vector<std::filesystem::path>& files, int rate_hz, int jobs);

}  // namespace gruve
