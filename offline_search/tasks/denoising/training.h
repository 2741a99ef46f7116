// Trains the float network of the denoiser on mixtures that are made on the fly.
#pragma once

#include <functional>

#include "datasets/layouts/noisy_speech.h"
#include "offline_search/tasks/denoising/recipe.h"
#include "offline_search/training/training_loop.h"

namespace gruve {

/// A chain: DenoiserConfig::features() inputs, a dense tanh layer, GRU layers, and a dense sigmoid layer with
/// DenoiserConfig::outputs() outputs. With DenoiseRecipe::channels a *dual-path* network of bands: a dense tanh layer
/// of so many channels, which also learns a vector for each band; then blocks of a GRU over the bands, with half as
/// many units in each direction, and a GRU over time, each with a dense layer whose outputs are added to what went in;
/// last the sigmoid layer. TrainOptions::hidden and ::layers don't matter then. Random weights by options.seed.
FloatNetwork make_denoise_network(const DenoiseRecipe&, const TrainOptions&);

/// Returns the network of the epoch with the best development score; see run_training() for stopping and resuming.
/// Throws DataError if options.from isn't a denoiser with as many GRU layers.
FloatNetwork train_denoiser(const NoisySpeech&, const DenoiseRecipe&, const TrainOptions&,
                            const std::function<Development(const FloatNetwork&)>& develop, const Progress&);

}  // namespace gruve
