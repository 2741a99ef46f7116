// The tasks "denoise" (10 ms of latency) and "denoise_live" (5 ms): a network that sets gains of frequency bands.
#pragma once

#include <cstdint>
#include <memory>

#include "datasets/layouts/data_options.h"
#include "offline_search/tasks/denoising/training.h"
#include "offline_search/tasks/task.h"

namespace gruve {

inline constexpr const char *denoise_name = "denoise", *denoise_live_name = "denoise_live";

/// Front ends with 10 ms and with 5 ms of latency. The network runs every 5 ms in both, so that a model of one can be
/// the start of training the other.
DenoiserConfig quality_denoiser();
DenoiserConfig live_denoiser();

/// What a search ranks denoisers by.
enum class RankBy : std::uint8_t {
    si_sdr,  // the gain in SI-SDR
    heard,   // the gain in what is heard (HeardMeasure); SI-SDR is shown beside it
};

/// data: folders in any layout of read_denoise_data(). recipe: a JSON file, or empty. first_stage: a preset whose
/// output the network hears, or empty. Throws DataError.
std::unique_ptr<Task> make_denoise_task(const DataOptions& data, std::uint64_t seed, const DenoiserConfig& config,
                                        const std::filesystem::path& recipe = {},
                                        const std::filesystem::path& first_stage = {}, RankBy rank = RankBy::si_sdr);
/// For recordings in memory. The task is denoise_live if recipe.config is live_denoiser(), otherwise denoise.
std::unique_ptr<Task> make_denoise_task(NoisySpeech data, const DenoiseRecipe& recipe, RankBy rank = RankBy::si_sdr);

/// Throws DataError naming `file` if the metadata name a first stage: such a network can't be played alone.
void refuse_first_stage(const FloatNetwork&, const std::string& file);

/// The front end of a float network's task, by its metadata and its number of outputs. Throws DataError if the metadata
/// name something else.
DenoiserConfig denoiser_config_of(const FloatNetwork&);

}  // namespace gruve
