// Folders of audio files.
#pragma once

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "datasets/audio/audio_file.h"
#include "datasets/audio/read_log.h"

namespace gruve {

/// Whether the name ends, in upper or lower case, in wav, flac, ogg, opus, mp3, aif, aiff, caf, w64 or au, or the
/// content begins as that of an audio file that libsndfile reads (so a .aifc or .sph counts, and a .txt that holds a
/// WAV file). Hidden files (._x.wav) do not count.
bool is_audio_file(const std::filesystem::path&);

/// Every audio file in a folder and its sub-folders, sorted by path. `what` is the folder's role, as messages name it.
/// Other files are counted and named in `log`, if there is one; hidden ones are not.
/// A folder further down that cannot be read is a bad file; without a log, it throws DataError. Also throws DataError
/// if the folder is missing, is not a folder, or holds no audio.
std::vector<std::filesystem::path> audio_files(const std::filesystem::path& folder, const std::string& what,
                                               ReadLog* log = nullptr);

/// The message about a folder whose files cannot be listed.
std::string unreadable_folder(const std::filesystem::path& folder, const std::error_code& reason);

/// Adds one line about files that aren't audio to `log`: how many there are, and the names of a few.
void leave_out_others(const std::filesystem::path& folder, const std::vector<std::filesystem::path>& others,
                      ReadLog& log);

/// Reads all files on `jobs` threads and resamples them to rate_hz (0: keeps their rates). The bad files are added to
/// `log`; their recordings have no samples.
std::vector<Audio> read_all(const std::vector<std::filesystem::path>& files, int rate_hz, int jobs, ReadLog& log);
/// Throws the DataError of bad files.
std::vector<Audio> read_all(const std::vector<std::filesystem::path>& files, int rate_hz, int jobs);

}  // namespace gruve
