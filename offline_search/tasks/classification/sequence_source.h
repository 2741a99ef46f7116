// Any labelled float sequences, from one .npz file.
#pragma once

#include <filesystem>
#include <memory>

#include "offline_search/tasks/classification/clip_source.h"

namespace gruve {

/// data: the file, or a folder with sequences.npz. Arrays: x, floats, sequences × steps × features; y, whole numbers from 0, one a sequence;
/// optional lengths (steps that count), group (whose sequences stay together: a speaker, a machine), split (0 training, 1 validation, 2 test).
/// Without split the groups (else the sequences) are dealt by `seed`: 70, 15 and 15 %. Features are taken as they are.
/// Throws DataError naming file, array, expected and found.
std::unique_ptr<const ClipSource> make_sequence_source(const std::filesystem::path& data, std::uint64_t seed);

}  // namespace gruve
