// The material of the denoiser, from folders in any known layout.
#pragma once

#include <cstdint>

#include "datasets/layouts/data_options.h"
#include "datasets/layouts/known_layouts.h"
#include "datasets/layouts/noisy_speech.h"

namespace gruve {

/// Finds the layout of each root and reads it as read_noisy_speech() does. If the publisher has a test set, Split::test
/// consists of it alone (of this root). The noise of a pair belongs to its speaker's group, and so to the speaker's
/// split. Of several roots, each may hold speech, noise or rooms only, and any number of speakers. Throws DataError as
/// read_noisy_speech() does, if a noisy file has no clean file of the same name, length and rate, and if all roots
/// together lack speech, noise or a split. Beyond data.memory, the samples are kept on disk; the set is the same.
NoisySpeech read_denoise_data(const DataOptions& data, int rate_hz, std::uint64_t seed);

}  // namespace gruve
