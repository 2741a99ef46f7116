#include "offline_search/tasks/denoising/training.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "datasets/support/data_error.h"
#include "datasets/support/random.h"
#include "offline_search/network/inherit.h"
#include "offline_search/network/safetensors.h"
#include "offline_search/tasks/denoising/goal.h"
#include "offline_search/training/sharded_gradient.h"
#include "offline_search/training/training_state.h"
#include "offline_search/training/weight_average.h"

namespace gruve {
namespace {

using Clock = std::chrono::steady_clock;

/// Before training hardly anything of a comb's past is mixed in: its sigmoid gives 5 %.
constexpr float first_share = -3;

/// Judging the development mixtures takes as long as a quarter of an epoch; thirty looks along the way are enough to choose from.
int between_developments(int epochs) { return std::max(1, epochs / 30); }

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::string progress_line(int epoch, int epochs, double loss, const std::string& rest) {
    char text[80];
    std::snprintf(text, sizeof text, "epoch %d/%d  loss %.3f  ", epoch + 1, epochs, loss);
    return text + rest;
}

FloatNetwork first_network(const DenoiseRecipe& recipe, const TrainOptions& options) {
    FloatNetwork network = make_denoise_network(recipe, options);
    if (!options.from.empty() && !inherit(load_safetensors(options.from), network))
        throw DataError(options.from.string() + ": not a denoiser of " + std::to_string(options.layers) +
                        " GRU layers; give its --layers");
    return network;
}

std::string describe_run(const NoisySpeech& data, const DenoiseRecipe& recipe, const TrainOptions& options,
                         int epochs) {
    std::uint64_t hash = 0;
    for (const auto* recordings : {&data.speech, &data.noise})
        for (const Recording& r : *recordings) {
            const auto* samples = reinterpret_cast<const char*>(r.audio.samples.data());
            hash =
                hash_of({samples, r.audio.samples.size() * sizeof(float)}, hash + static_cast<std::uint64_t>(r.split));
        }
    char text[80];
    std::snprintf(text, sizeof text, "data %016llx, ", static_cast<unsigned long long>(hash));
    return text + to_json(recipe) + ", hidden " + std::to_string(options.hidden) + ", layers " +
           std::to_string(options.layers) + ", epochs " + std::to_string(epochs) + ", seed " +
           std::to_string(options.seed) + (options.from.empty() ? "" : ", from " + options.from.filename().string());
}

std::vector<int> shuffled(int count, std::uint64_t seed) {
    std::vector<int> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    std::mt19937_64 random(seed);
    shuffle(order, random);
    return order;
}

}  // namespace

FloatNetwork make_denoise_network(const DenoiseRecipe& recipe, const TrainOptions& options) {
    FloatNetwork network;
    network.layers.push_back(random_dense(recipe.config.features(), recipe.dense, Activation::tanh, options.seed));
    for (int layer = 0; layer < options.layers; ++layer)
        network.layers.push_back(random_gru(layer == 0 ? recipe.dense : options.hidden, options.hidden,
                                            options.seed + 1 + static_cast<std::uint64_t>(layer)));
    FloatDense last = random_dense(options.hidden, recipe.config.outputs(), Activation::sigmoid, options.seed + 100);
    last.bias.tail(recipe.config.outputs() - recipe.config.bands).setConstant(first_share);
    network.layers.push_back(std::move(last));
    return network;
}

FloatNetwork train_denoiser(const NoisySpeech& data, const DenoiseRecipe& recipe, const TrainOptions& options,
                            const std::function<Development(const FloatNetwork&)>& develop, const Progress& progress) {
    const int epochs = options.epochs > 0 ? options.epochs : recipe.epochs;
    const int share = recipe.batch / gradient_shards;
    const FloatNetwork fresh = first_network(recipe, options);
    const bool averaged = recipe.average_epochs > 0;
    TrainingState state{.network = fresh,
                        .best = fresh,
                        .average = averaged ? fresh : FloatNetwork(),
                        .adam = Adam(fresh, {.learning_rate = recipe.learning_rate,
                                             .steps = epochs * recipe.steps_per_epoch,
                                             .weight_decay = recipe.weight_decay})};
    const std::string run = describe_run(data, recipe, options, epochs);
    if (options.resume) load_training_state(options.state, run, state);
    ShardedGradient sharded(Backprop(state.network), state.network);  // which it keeps reading
    const int count = recipe.batch * recipe.steps_per_epoch;
    DenoiseGoal goal(data, recipe, options.seed, count);
    const auto start = Clock::now();
    const int begin = state.epoch;
    while (state.epoch < epochs) {
        const int epoch = state.epoch;
        if (epoch == begin || epoch % recipe.reuse == 0)
            goal.renew(epoch / recipe.reuse, options.jobs);  // making a mixture takes as long as learning from it
        const std::vector<int> order = shuffled(count, hash_of(std::to_string(epoch), options.seed));
        double loss = 0;
        for (int step = 0; step < recipe.steps_per_epoch; ++step) {
            loss += sharded.compute(options.jobs, [&](int shard, Backprop& backprop, FloatNetwork& gradient) {
                const auto first = static_cast<std::size_t>(step * recipe.batch + shard * share);
                const auto chosen = std::span(order).subspan(first, static_cast<std::size_t>(share));
                Matrix slope;
                const double part =
                    goal.loss(chosen, backprop.forward(goal.inputs(chosen), share), recipe.batch, slope);
                backprop.backward(slope, gradient);
                return part;
            });
            state.adam.step(state.network, sharded.gradient());
            if (averaged)
                average_in(state.average, state.network, state.adam.steps_done(),
                           recipe.average_epochs * static_cast<float>(recipe.steps_per_epoch));
            const std::string where = "step " + std::to_string(step + 1) + "/" + std::to_string(recipe.steps_per_epoch);
            if (!progress(progress_line(epoch, epochs, loss / (step + 1), where))) return state.best;
        }
        ++state.epoch;
        std::string line = std::to_string(std::lround(seconds_since(start))) + " s";
        if ((epochs - state.epoch) % between_developments(epochs) == 0) {
            const FloatNetwork& candidate = averaged ? state.average : state.network;
            const Development development = develop(candidate);
            if (development.value > state.best_value) {
                state.best_value = development.value;
                state.best = candidate;
            }
            line = development.text + "  " + line;
        }
        if (!options.state.empty()) save_training_state(options.state, run, state);
        if (!progress(progress_line(epoch, epochs, loss / recipe.steps_per_epoch, line))) return state.best;
    }
    return state.best;
}

}  // namespace gruve
