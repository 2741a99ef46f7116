// Labelled float sequences of any kind, from .npz files.
#pragma once

#include <memory>

#include "datasets/layouts/data_options.h"
#include "offline_search/tasks/classification/clip_source.h"

namespace gruve {

/// data: files, or folders that contain sequences.npz; of several folders, those without it are left out. Arrays: x,
/// floats, sequences × steps × features; y, whole numbers from 0, the label of each sequence. Optional arrays: lengths
/// (steps that are used of each sequence), group (sequences of one group, such as a speaker or a machine, stay in one
/// split), split (0 training, 1 validation, 2 test). Without `split`, groups (or sequences, without `group`) are dealt
/// by `seed`: 70, 15 and 15 %. Features are used as they are. Each file is dealt on its own unless the speakers
/// (groups) of all are the same. Throws DataError naming file, array, expected and found.
std::unique_ptr<const ClipSource> make_sequence_source(const DataOptions& data, std::uint64_t seed);

}  // namespace gruve
