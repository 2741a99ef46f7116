// What a page that plays is made of: presets as they lie on disk, and sounds from recordings that no training heard.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "datasets/layouts/data_options.h"
#include "offline_search/network/float_network.h"
#include "offline_search/report/listen_section.h"
#include "offline_search/selection/result.h"

namespace gruve {

/// Reads and checks a preset. Its score is that of the test split, where it has one. Throws DataError, naming the file.
ListenPreset listen_preset(const std::filesystem::path&);
/// The same from a preset in memory.
ListenPreset listen_preset(const Preset&);

/// The presets of a search in `folder`: float first, where `network` is given or presets/ holds a …-float.gruve, then
/// by falling bytes. Presets that are no longer there are left out. Throws DataError where none is left.
ListenGroup listen_group(const SearchResult&, const std::filesystem::path& folder, const FloatNetwork* network);
/// The presets of these files, one group for each kind and front, in the order of the files.
std::vector<ListenGroup> listen_groups(const std::vector<std::filesystem::path>& presets);

/// Noisy mixtures of the test split: four, at 0, 5, 10 and −5 dB. seed: the split seed of the training.
std::vector<ListenSound> test_mixtures(const DataOptions& data, int rate_hz, std::uint64_t seed);
/// One recording of each of the labels, from the test split of a root, one after the other.
std::vector<ListenSound> test_words(const std::filesystem::path& data, const std::vector<std::string>& labels,
                                    std::uint64_t seed);
/// test_mixtures() or test_words(), as the group needs them.
std::vector<ListenSound> test_sounds(const ListenGroup&, const DataOptions& data, std::uint64_t seed);
/// Files to play, cut to 20 s.
std::vector<ListenSound> sounds_of(const std::vector<std::filesystem::path>& files);

}  // namespace gruve
