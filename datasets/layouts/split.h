// Which recordings train, choose and judge: by speaker, never by clip.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gruve {

enum class Split : std::uint8_t { train, validation, test };
std::string_view name_of(Split);

/// Whole groups (speakers, noise recordings) → splits, about train/validation/test = 1−v−t / v / t of the clips, deterministic
/// and independent of the order of files: groups are ordered by a hash of their name, then dealt so that every class keeps
/// some clips in every split where it has three groups. `clips[i]` is the group and class of clip i; returns a split per clip.
struct GroupedClip {
    std::string group;
    int label = 0;
};
std::vector<Split> split_by_group(const std::vector<GroupedClip>& clips, double validation, double test,
                                  std::uint64_t seed);

}  // namespace gruve
