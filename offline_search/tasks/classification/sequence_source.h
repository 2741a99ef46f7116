// Labelled float sequences of any kind, from one .npz file.
#pragma once

#include <filesystem>
#include <memory>

#include "offline_search/tasks/classification/clip_source.h"

namespace gruve {

/// data: the file, or a folder that contains sequences.npz. Arrays: x, floats, sequences × steps × features; y, whole
/// numbers from 0, the label of each sequence. Optional arrays: lengths (steps that are used of each sequence), group
/// (sequences of one group, such as a speaker or a machine, stay in one split), split (0 training, 1 validation, 2
/// test). Without `split`, groups (or sequences, without `group`) are dealt by `seed`: 70, 15 and 15 %. Features are
/// used as they are.
/// Throws DataError naming file, array, expected and found.
std::unique_ptr<const ClipSource> make_sequence_source(const std::filesystem::path& data, std::uint64_t seed);

}  // namespace gruve
