// Training settings of the denoiser. A recipe file can change them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "datasets/mixing/mixture.h"
#include "engine/preset/preset.h"
#include "offline_search/tasks/denoising/first_stage.h"
#include "offline_search/tasks/denoising/loss.h"

namespace gruve {

/// A recipe's largest DenoiserConfig::net_every.
inline constexpr int most_frames_a_step = 4;

struct DenoiseRecipe {
    DenoiserConfig config;
    std::shared_ptr<const FirstStage> first;  // whose output the network hears; null: the sound itself
    DenoiseLossWeights loss;
    int dense = 64;  // tanh units before the first GRU
    /// Channels of a network of bands (make_denoise_network()) and its blocks; 0 channels: a chain.
    int channels = 0, blocks = 2;
    int batch = 16;  // mixtures a step
    int steps_per_epoch = 50;
    int reuse = 4;             // epochs with the same mixtures, before new ones are made
    int epochs = 30;           // if TrainOptions doesn't set them
    double seconds = 2.5;      // length of a mixture
    double noise_only = 0.06;  // share of mixtures without speech
    double near_clean = 0.10;  // share of mixtures at 20 … 45 dB SNR
    MixtureVariety variety;
    double late_start = 0.20;  // share of mixtures, of all kinds, whose speech begins after a stretch of noise alone
    float reduction_limit_db = 24.0f;  // of the gains in training; 60: none
    float learning_rate = 3e-3f;
    float weight_decay = 0.0f;
    float average_epochs = 0.0f;  // weights are averaged over this many epochs; 0: no averaging
    /// What a trained network's gains become before their sigmoid: factor · z + shift. Losses of magnitudes make
    /// cautious gains; a factor above 1 and a shift below 0 make them sharper.
    float logit_factor = 1.0f, logit_shift = 0.0f;
};

/// Returns `recipe` with the members that a JSON file sets, e.g. {"loss": {"snr": 0.2}, "late_start": 0.1}. Of `config`
/// the file can set only net_every, look_ahead, each_frame and the comb filter (0 or 1); the task determines the rest.
/// Throws DataError naming the file, the member and its range.
DenoiseRecipe read_denoise_recipe(const std::filesystem::path&, DenoiseRecipe recipe);
/// All members as one line of JSON, with the latency and the network rate of `config`. Stored in training states: keep
/// the format.
std::string to_json(const DenoiseRecipe&);

}  // namespace gruve
