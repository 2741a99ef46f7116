// The task "denoise": band gains that lift speech out of noise.
#pragma once

#include <memory>

#include "offline_search/denoise_training.h"

namespace gruve {

/// data holds speech/ and noise/ (read_noisy_speech). Throws DataError.
std::unique_ptr<Task> make_denoise_task(const std::filesystem::path& data, std::uint64_t seed);
/// For recordings in memory and other recipes.
std::unique_ptr<Task> make_denoise_task(NoisySpeech data, const DenoiseRecipe& recipe);

/// One recording through a float network with the default front end, for comparison by ear. Throws std::invalid_argument for
/// a network of another shape.
std::vector<float> denoise_with_float_network(const FloatNetwork&, const Audio&);

}  // namespace gruve
