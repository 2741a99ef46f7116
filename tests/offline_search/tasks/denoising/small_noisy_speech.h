// A few seconds of data and a recipe of a few steps, for tests that train a denoiser.
#pragma once

#include <cmath>
#include <numbers>
#include <random>

#include "offline_search/tasks/denoising/task.h"
#include "offline_search/training/backprop.h"

namespace gruve::test {

inline float noise_sample(std::mt19937_64& random) { return static_cast<float>(random() >> 40) * 0x1p-23f - 1.0f; }

/// Six "speakers" of buzzing syllables and six noises, two for each split.
inline NoisySpeech small_set() {
    NoisySpeech set;
    std::mt19937_64 random(11);
    for (int i = 0; i < 6; ++i) {
        const Split split = static_cast<Split>(i / 2);
        Audio voice{16000, std::vector<float>(32000)}, noise = voice;
        const double pitch = 110 + 23 * i;
        float low = 0;
        for (std::size_t n = 0; n < voice.samples.size(); ++n) {
            const double t = static_cast<double>(n) / 16000,
                         loud = std::max(0.0, std::sin(2 * std::numbers::pi * (2.5 + 0.2 * i) * t));
            for (int k = 1; k < 20; ++k)
                voice.samples[n] += static_cast<float>(0.1 * loud / k * std::sin(2 * std::numbers::pi * pitch * k * t));
            low += 0.3f * (noise_sample(random) - low);
            noise.samples[n] = i % 2 ? 0.1f * low : 0.05f * noise_sample(random);
        }
        const std::string name = std::to_string(i);
        set.speech.push_back({"speaker" + name, name, split, voice});
        set.noise.push_back({"noise" + name, name, split, noise});
    }
    return set;
}

inline DenoiseRecipe short_recipe() {
    DenoiseRecipe recipe;
    recipe.dense = 16;
    recipe.batch = 4;
    recipe.seconds = 0.6;
    recipe.steps_per_epoch = 3;
    return recipe;
}

inline const TrainOptions small_options{.hidden = 12, .layers = 1, .epochs = 2, .seed = 3, .jobs = 1};
inline bool go_on(const std::string&) { return true; }

inline std::vector<float> weights(FloatNetwork network) {
    std::vector<float> all;
    for (auto values : parameters(network)) all.insert(all.end(), values.begin(), values.end());
    return all;
}

}  // namespace gruve::test
