#include "offline_search/tasks/denoising/goal.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <utility>

#include "datasets/mixing/mixture.h"
#include "datasets/support/parallel.h"
#include "datasets/support/random.h"
#include "offline_search/tasks/denoising/gains.h"

namespace gruve {
namespace {

/// Removes the speech before a random point, so that noise comes first. Of eight candidates it takes the quietest
/// point, in order not to cut a word. Without such examples, a network mutes the first syllable after a silence.
void start_late(Mixture& mixture, int rate_hz, std::mt19937_64& random) {
    const auto block = static_cast<std::size_t>(rate_hz / 50);
    if (mixture.clean.size() < 2 * block) return;
    std::size_t start = 0;
    float least = std::numeric_limits<float>::infinity();
    for (int attempt = 0; attempt < 8; ++attempt) {
        const auto candidate =
            static_cast<std::size_t>(uniform(random, 0.3, 0.8) * static_cast<double>(mixture.clean.size() - block));
        const float energy =
            Eigen::Map<const Eigen::VectorXf>(&mixture.clean[candidate], static_cast<Eigen::Index>(block))
                .squaredNorm();
        if (energy < least) least = energy, start = candidate;
    }
    for (std::size_t i = 0; i < start; ++i) {
        mixture.noisy[i] -= mixture.clean[i];
        mixture.clean[i] = 0;
    }
}

}  // namespace

DenoiseExample training_example(const NoisySpeech& data, const DenoiseRecipe& recipe, FrameMaker& maker,
                                std::uint64_t seed, std::uint64_t k, const FloatNetwork* teacher) {
    DenoiserBands& bands = maker.bands;
    std::mt19937_64 random(hash_of(std::to_string(k), seed));
    Mixture mixture = random_mixture(data, random, recipe.seconds, recipe.variety);
    const double kind = uniform(random);
    if (kind < recipe.noise_only) {
        for (std::size_t i = 0; i < mixture.clean.size(); ++i) mixture.noisy[i] -= mixture.clean[i];
        std::fill(mixture.clean.begin(), mixture.clean.end(), 0.0f);
    } else if (kind < recipe.noise_only + recipe.near_clean) {
        const auto less = static_cast<float>(
            std::pow(10.0, (static_cast<double>(mixture.snr_db) - uniform(random, 20.0, 45.0)) / 20));
        for (std::size_t i = 0; i < mixture.clean.size(); ++i)
            mixture.noisy[i] = mixture.clean[i] + less * (mixture.noisy[i] - mixture.clean[i]);
    }
    if (chance(random, recipe.late_start)) start_late(mixture, data.rate_hz, random);
    DenoiseFrames frames = maker(mixture.noisy);
    if (teacher != nullptr && kind >= recipe.noise_only) {
        const std::vector<float> output =
            enhance(bands, frames, PlayedGains(recipe.config, bands, data.rate_hz)(teacher->forward(frames.features)));
        for (std::size_t i = 0; i < output.size(); ++i) mixture.clean[i] = 0.5f * (mixture.clean[i] + output[i]);
    }
    return make_example(bands, recipe.loss, data.rate_hz, std::move(frames), mixture.clean, mixture.noisy);
}

DenoiseGoal::DenoiseGoal(const NoisySpeech& data, const DenoiseRecipe& recipe, std::uint64_t seed, int count,
                         const FloatNetwork* teacher)
    : data_(data), recipe_(recipe), seed_(seed), count_(count), teacher_(teacher) {}

void DenoiseGoal::renew(int pass, int jobs) {
    constexpr int chunk = 8;
    examples_.clear();  // frees the memory first
    examples_.resize(static_cast<std::size_t>(count_));
    parallel_for(jobs, (count_ + chunk - 1) / chunk, [&](int c) {
        FrameMaker maker(recipe_.config, recipe_.first.get(), data_.rate_hz);
        for (int i = c * chunk; i < std::min(count_, (c + 1) * chunk); ++i)
            examples_[static_cast<std::size_t>(i)] = training_example(
                data_, recipe_, maker, seed_,
                static_cast<std::uint64_t>(pass) * static_cast<std::uint64_t>(count_) + static_cast<std::uint64_t>(i),
                teacher_);
    });
}

Matrix DenoiseGoal::inputs(std::span<const int> chosen) const {
    return side_by_side(static_cast<int>(chosen.size()),
                        [&](int s) -> const Matrix& { return example(chosen, s).frames.features; });
}

double DenoiseGoal::loss(std::span<const int> chosen, const Matrix& outputs, int of, Matrix& gradient) const {
    DenoiserBands bands(recipe_.config, data_.rate_hz);
    const PlayedGains played({.reduction_limit_db = recipe_.reduction_limit_db}, recipe_.config,
                             static_cast<double>(bands.hop()) / data_.rate_hz);
    const int count = static_cast<int>(chosen.size());
    const auto steps = outputs.cols() / count;
    gradient.resize(outputs.rows(), outputs.cols());
    Matrix wanted(outputs.rows(), steps), gain_gradient;
    double loss = 0;
    for (int s = 0; s < count; ++s) {
        for (Eigen::Index t = 0; t < steps; ++t) wanted.col(t) = outputs.col(t * count + s);
        const Matrix gains = played(wanted);
        loss += denoise_loss(bands, recipe_.loss, example(chosen, s), gains, gain_gradient) / of;
        const Matrix wanted_gradient = played.adjoint(wanted, gains, gain_gradient) / static_cast<float>(of);
        for (Eigen::Index t = 0; t < steps; ++t) gradient.col(t * count + s) = wanted_gradient.col(t);
    }
    return loss;
}

}  // namespace gruve
