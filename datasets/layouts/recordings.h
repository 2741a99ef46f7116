// Many recordings of one role (speech or noise) read, checked and kept.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "datasets/layouts/noisy_speech.h"

namespace gruve {

/// What a folder of recordings is for, and how its files are read.
struct Role {
    std::string name;   // "speech", as messages call it
    std::string group;  // "speaker": one of what must not be in two splits
    std::function<std::string(const std::filesystem::path& root, const std::filesystem::path& file)> group_of;
    std::function<Audio(const std::filesystem::path& file)> read;
    bool refuse_clipped = false;     // a denoiser would learn to clip
    bool folders_are_kinds = false;  // then every kind should be in every split
};
Role speech_role();
Role noise_role();

/// All usable recordings below `root`, resampled, sorted by group, then path; the others go to `left_out`. Where they'd fill more
/// than `most_samples`, a part of the files is taken, the same each time. Throws DataError for a missing or empty folder, a bad
/// file, or where nothing is usable. Splits are not set.
std::vector<Recording> read_recordings(const std::filesystem::path& root, const Role&, int rate_hz,
                                       std::size_t most_samples, std::vector<std::string>& left_out);

/// Whole groups to splits. Throws DataError naming the groups where there are fewer than the wanted splits need.
void assign_splits(std::vector<Recording>&, const std::filesystem::path& root, const Role&, double validation,
                   double test, std::uint64_t seed);

}  // namespace gruve
