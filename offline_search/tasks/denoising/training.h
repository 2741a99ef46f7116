// Trains the denoiser's float network on mixtures made on the fly.
#pragma once

#include <functional>
#include <string>

#include "datasets/layouts/noisy_speech.h"
#include "offline_search/tasks/denoising/loss.h"
#include "offline_search/tasks/denoising/recipe.h"
#include "offline_search/training/train_options.h"

namespace gruve {

/// DenoiserConfig::features() → dense tanh → GRUs → dense sigmoid bands.
FloatNetwork make_denoise_network(const DenoiseRecipe&, const TrainOptions&);

/// Development value of a network, higher is better, and how to print it.
struct Development {
    double value = 0;
    std::string text;
};

/// Returns the weights of the epoch with the best development value. Same seed, same result, for any options.jobs.
FloatNetwork train_denoiser(const NoisySpeech&, const DenoiseRecipe&, const TrainOptions&,
                            const std::function<Development(const FloatNetwork&)>& develop, const Progress&);

}  // namespace gruve
