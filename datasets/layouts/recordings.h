// Recordings of one role (speech or noise): read, checked, grouped and dealt to the splits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "datasets/audio/audio_file.h"
#include "datasets/audio/read_log.h"
#include "datasets/audio/sound_store.h"
#include "datasets/layouts/split.h"

namespace gruve {

struct Recording {
    std::filesystem::path path;
    std::string group;  // the speaker, or the source recording of a noise
    Split split = Split::train;
    Sound audio;  // resampled to the set's rate
};

/// What a folder of recordings is used for, and how its files are read.
struct Role {
    std::string name;   // "speech": its name in messages
    std::string group;  // "speaker": the name, in messages, of a group that must lie in one split
    std::function<std::string(const std::filesystem::path& root, const std::filesystem::path& file)> group_of;
    std::function<Audio(const std::filesystem::path& file)> read;
    bool refuse_clipped = false;     // from clipped speech a denoiser would learn to clip
    bool folders_are_kinds = false;  // each folder holds one kind, and every kind should be in every split
    /// Differs if read() would give something else.
    std::function<std::string(const std::filesystem::path& file)> identity = identity_of;
};
Role speech_role();
/// Speakers are those of Common Voice's tables beside `root`, if there are any.
Role speech_role(const std::filesystem::path& root);
Role noise_role();

/// Reads all usable recordings below `root`, resampled to rate_hz and sorted by group, then path. `log` gets a line for
/// each of the others, and the bad files. If the folder holds more than `most_samples`, a part of the files is read,
/// the same each time. Recording::split is not set. Throws DataError for a missing or empty folder, or if nothing is
/// usable.
/// on_disk: keeps the samples on disk within these limits, see keep_on_disk(). Null: in memory.
std::vector<Recording> read_recordings(const std::filesystem::path& root, const Role&, int rate_hz,
                                       std::size_t most_samples, ReadLog& log, const StoreLimits* on_disk = nullptr);
/// The length of all files below `root`, as their headers give it. Files that cannot be opened count as 0.
double seconds_below(const std::filesystem::path& root, const Role&);

/// Whether any file is named as in Common Voice, so that common_voice_hint (speaker_table.h) may help.
bool named_as_in_common_voice(const std::vector<Recording>&);

/// Deals whole groups to the splits: `validation` and `test` are their shares of the recordings. A share of 0 for
/// `test` leaves that split empty. With fewer groups than splits, some splits stay empty.
void deal_to_splits(std::vector<Recording>&, const Role&, double validation, double test, std::uint64_t seed);

/// The same, but throws DataError, naming the groups, if there are fewer groups than splits.
void assign_splits(std::vector<Recording>&, const std::filesystem::path& root, const Role&, double validation,
                   double test, std::uint64_t seed);

}  // namespace gruve
