// How a denoiser is trained: everything that a person may change without touching code.
#pragma once

#include <filesystem>
#include <string>

#include "engine/preset/preset.h"
#include "offline_search/tasks/denoising/loss.h"

namespace gruve {

struct DenoiseRecipe {
    DenoiserConfig config;
    DenoiseLossWeights loss;
    int dense = 64;  // tanh units before the GRU
    int batch = 16;  // mixtures a step
    int steps_per_epoch = 50;
    int reuse = 4;             // epochs that learn from the same mixtures, before new ones are made
    int epochs = 30;           // where TrainOptions leaves it open
    double seconds = 2.5;      // of each mixture
    double noise_only = 0.06;  // share of mixtures without speech
    double near_clean = 0.10;  // share of mixtures at 20 to 45 dB
    double late_start = 0.20;  // share of mixtures, of all kinds, whose speech begins after a stretch of noise alone
    float learning_rate = 3e-3f;
    float weight_decay = 0.0f;
    float average_epochs = 0.0f;  // over which weights are averaged; 0: the weights themselves
};

/// `recipe` with the members that a JSON file names, e.g. {"loss": {"snr": 0.2}, "late_start": 0.1}; of `config` only the comb (0 or 1) can be
/// named, the rest stays with the task. Throws DataError naming the file, the member and what it may be.
DenoiseRecipe read_denoise_recipe(const std::filesystem::path&, DenoiseRecipe recipe);
/// The same members as one line of JSON, latency and network rate of `config` with them.
std::string to_json(const DenoiseRecipe&);

}  // namespace gruve
