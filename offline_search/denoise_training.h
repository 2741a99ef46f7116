// Trains the denoiser's float network on mixtures made on the fly.
#pragma once

#include <functional>
#include <string>

#include "datasets/noisy_speech.h"
#include "offline_search/denoise_loss.h"
#include "offline_search/denoise_gains.h"
#include "offline_search/task.h"

namespace gruve {

struct DenoiseRecipe {
    DenoiserConfig config;
    DenoiseLossWeights loss;
    int dense = 64;              // tanh units before the GRU
    int batch = 16;              // mixtures a step
    int steps_per_epoch = 50;
    int epochs = 30;             // where TrainOptions leaves it open
    double seconds = 2.5;        // of each mixture
    double noise_only = 0.06;    // share of mixtures without speech
    double near_clean = 0.10;    // share of mixtures at 20 to 45 dB
    double late_start = 0.20;    // share of mixtures, of all kinds, whose speech begins after a stretch of noise alone
    float learning_rate = 3e-3f;
    float weight_decay = 0.0f;
};

/// 2·bands → dense tanh → GRUs → dense sigmoid bands.
FloatNetwork make_denoise_network(const DenoiseRecipe&, const TrainOptions&);

/// The k-th training example of a seed.
DenoiseExample training_example(const NoisySpeech&, const DenoiseRecipe&, DenoiserBands&, std::uint64_t seed, std::uint64_t k);

/// Development value of a network, higher is better, and how to print it.
struct Development {
    double value = 0;
    std::string text;
};

/// Returns the weights of the epoch with the best development value. Same seed, same result, for any options.jobs.
FloatNetwork train_denoiser(const NoisySpeech&, const DenoiseRecipe&, const TrainOptions&,
                            const std::function<Development(const FloatNetwork&)>& develop, const Progress&);

}  // namespace gruve
