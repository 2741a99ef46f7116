// The tasks "denoise" (10 ms of latency) and "denoise_live" (5 ms): band gains that lift speech out of noise.
#pragma once

#include <memory>

#include "offline_search/tasks/denoising/training.h"
#include "offline_search/tasks/task.h"

namespace gruve {

/// 10 ms and 5 ms of latency; the network runs every 5 ms in both, so that one can be trained from the other.
DenoiserConfig quality_denoiser();
DenoiserConfig live_denoiser();

/// data: any layout that read_denoise_data knows; recipe: a JSON file, or empty. Throws DataError.
std::unique_ptr<Task> make_denoise_task(const std::filesystem::path& data, std::uint64_t seed,
                                        const DenoiserConfig& config, const std::filesystem::path& recipe = {});
/// For recordings in memory and other recipes.
std::unique_ptr<Task> make_denoise_task(NoisySpeech data, const DenoiseRecipe& recipe);

/// One recording through a float network with the front end of the task that it was trained for (its metadata), for comparison by
/// ear. Throws std::invalid_argument for a network of another shape.
std::vector<float> denoise_with_float_network(const FloatNetwork&, const Audio&);

}  // namespace gruve
