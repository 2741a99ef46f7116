// Folders of audio files.
#pragma once

#include <filesystem>
#include <vector>

#include "datasets/audio/audio_file.h"

namespace gruve {

/// Whether the name ends, in upper or lower case, in wav, flac, ogg, opus, mp3, aif, aiff, caf, w64 or au. Hidden files
/// (._x.wav) do not count.
bool is_audio_file(const std::filesystem::path&);

/// Every audio file in a folder and its sub-folders, sorted by path. `what` is the folder's role, as messages name it.
/// Throws DataError if the folder is missing, is not a folder, or holds no audio.
std::vector<std::filesystem::path> audio_files(const std::filesystem::path& folder, const std::string& what);

/// Reads all files on `jobs` threads and resamples them to rate_hz (0: keeps their rates). Throws the DataError of the
/// first bad file in the list.
std::vector<Audio> read_all(const std::vector<std::filesystem::path>& files, int rate_hz, int jobs);

}  // namespace gruve
