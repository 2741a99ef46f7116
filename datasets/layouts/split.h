// The split of a data set into training, validation and test: by speaker, never by clip.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gruve {

enum class Split : std::uint8_t { train, validation, test };
std::string_view name_of(Split);

struct GroupedClip {
    std::string group;  // the speaker, or the source recording of a noise
    int label = 0;      // the class
};

/// Deals whole groups to the splits and returns the split of each clip. The shares of the clips are about 1 −
/// validation − test, validation and test. The result is deterministic and does not depend on the order of the clips:
/// groups are ordered by a hash of their name, then dealt so that every class with at least three groups has clips in
/// every split.
std::vector<Split> split_by_group(const std::vector<GroupedClip>& clips, double validation, double test,
                                  std::uint64_t seed);

}  // namespace gruve
