#include "offline_search/denoise_training.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>

#include "datasets/audio_file.h"
#include "datasets/random.h"
#include "offline_search/backprop.h"
#include "offline_search/inherit.h"
#include "offline_search/parallel.h"
#include "offline_search/training_state.h"
#include "offline_search/weight_average.h"

namespace gruve {
namespace {

using Clock = std::chrono::steady_clock;

/// Before training hardly anything of a comb's past is mixed in: its sigmoid gives 5 %.
constexpr float first_share = -3;

std::uint64_t example_seed(std::uint64_t seed, std::uint64_t k) { return hash_of(std::to_string(k), seed); }

/// Judging the development mixtures takes as long as a quarter of an epoch; thirty looks along the way are enough to choose from.
int between_developments(int epochs) { return std::max(1, epochs / 30); }

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::string progress_line(int epoch, int epochs, double loss, const std::string& rest) {
    char text[80];
    std::snprintf(text, sizeof text, "epoch %d/%d  loss %.3f  ", epoch + 1, epochs, loss);
    return text + rest;
}

/// Noise alone until a random point, as quiet a one as a few tries find, so that no word is cut in its middle.
/// Without such examples a network mutes the first syllable after a silence.
void start_late(Mixture& mixture, int rate_hz, std::mt19937_64& random) {
    const auto block = static_cast<std::size_t>(rate_hz / 50);
    if (mixture.clean.size() < 2 * block) return;
    std::size_t start = 0;
    float least = std::numeric_limits<float>::infinity();
    for (int attempt = 0; attempt < 8; ++attempt) {
        const auto candidate = static_cast<std::size_t>(uniform(random, 0.3, 0.8) * static_cast<double>(mixture.clean.size() - block));
        const float energy = Eigen::Map<const Eigen::VectorXf>(&mixture.clean[candidate], static_cast<Eigen::Index>(block)).squaredNorm();
        if (energy < least) least = energy, start = candidate;
    }
    for (std::size_t i = 0; i < start; ++i) {
        mixture.noisy[i] -= mixture.clean[i];
        mixture.clean[i] = 0;
    }
}

FloatNetwork first_network(const DenoiseRecipe& recipe, const TrainOptions& options) {
    FloatNetwork network = make_denoise_network(recipe, options);
    if (!options.from.empty() && !inherit(load_safetensors(options.from), network))
        throw DataError(options.from.string() + ": not a denoiser of " + std::to_string(options.layers) + " GRU layers; give its --layers");
    return network;
}

std::string describe_run(const NoisySpeech& data, const DenoiseRecipe& recipe, const TrainOptions& options, int epochs) {
    std::uint64_t hash = 0;
    for (const auto* recordings : {&data.speech, &data.noise})
        for (const Recording& r : *recordings) {
            const auto* samples = reinterpret_cast<const char*>(r.audio.samples.data());
            hash = hash_of({samples, r.audio.samples.size() * sizeof(float)}, hash + static_cast<std::uint64_t>(r.split));
        }
    char text[80];
    std::snprintf(text, sizeof text, "data %016llx, ", static_cast<unsigned long long>(hash));
    return text + to_json(recipe) + ", hidden " + std::to_string(options.hidden) + ", layers " + std::to_string(options.layers) + ", epochs " +
           std::to_string(epochs) + ", seed " + std::to_string(options.seed) + (options.from.empty() ? "" : ", from " + options.from.filename().string());
}

/// The mixtures of an epoch: `count` new ones every recipe.reuse epochs. Making a mixture takes as long as learning from it.
std::vector<DenoiseExample> make_examples(const NoisySpeech& data, const DenoiseRecipe& recipe, const TrainOptions& options, int generation, int count) {
    constexpr int chunk = 8;  // sets of bands are dear to make
    std::vector<DenoiseExample> examples(static_cast<std::size_t>(count));
    parallel_for(options.jobs, (count + chunk - 1) / chunk, [&](int c) {
        DenoiserBands bands(recipe.config, data.rate_hz);
        for (int i = c * chunk; i < std::min(count, (c + 1) * chunk); ++i)
            examples[static_cast<std::size_t>(i)] = training_example(data, recipe, bands, options.seed, static_cast<std::uint64_t>(generation) * static_cast<std::uint64_t>(count) + static_cast<std::uint64_t>(i));
    });
    return examples;
}

std::vector<int> shuffled(int count, std::uint64_t seed) {
    std::vector<int> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    std::mt19937_64 random(seed);
    shuffle(order, random);
    return order;
}

/// One shard's share of a batch: its examples forward, their losses, and backward.
double shard_loss(int rate_hz, const DenoiseRecipe& recipe, const std::vector<DenoiseExample>& examples, std::span<const int> chosen,
                  Backprop& backprop, FloatNetwork& gradient) {
    DenoiserBands bands(recipe.config, rate_hz);
    const PlayedGains played(DenoiserSettings{}, recipe.config.bands, recipe.config.net_every, static_cast<double>(bands.hop()) / rate_hz);
    const auto example = [&](int s) -> const DenoiseExample& { return examples[static_cast<std::size_t>(chosen[static_cast<std::size_t>(s)])]; };
    const int count = static_cast<int>(chosen.size());

    const auto steps = example(0).frames.features.cols();
    Matrix batch(bands.features(), steps * count);
    for (int s = 0; s < count; ++s)
        for (Eigen::Index t = 0; t < steps; ++t) batch.col(t * count + s) = example(s).frames.features.col(t);
    const Matrix& output = backprop.forward(batch, count);

    Matrix output_gradient(output.rows(), output.cols()), wanted(output.rows(), steps), gain_gradient;
    double loss = 0;
    for (int s = 0; s < count; ++s) {
        for (Eigen::Index t = 0; t < steps; ++t) wanted.col(t) = output.col(t * count + s);
        const Matrix gains = played(wanted);
        loss += denoise_loss(bands, recipe.loss, example(s), gains, gain_gradient) / recipe.batch;
        const Matrix wanted_gradient = played.adjoint(wanted, gains, gain_gradient) / static_cast<float>(recipe.batch);
        for (Eigen::Index t = 0; t < steps; ++t) output_gradient.col(t * count + s) = wanted_gradient.col(t);
    }
    backprop.backward(output_gradient, gradient);
    return loss;
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

DenoiseExample training_example(const NoisySpeech& data, const DenoiseRecipe& recipe, DenoiserBands& bands, std::uint64_t seed,
                                std::uint64_t k) {
    std::mt19937_64 random(example_seed(seed, k));
    Mixture mixture = random_mixture(data, random, recipe.seconds);
    const double kind = uniform(random);
    if (kind < recipe.noise_only) {
        for (std::size_t i = 0; i < mixture.clean.size(); ++i) mixture.noisy[i] -= mixture.clean[i];
        std::fill(mixture.clean.begin(), mixture.clean.end(), 0.0f);
    } else if (kind < recipe.noise_only + recipe.near_clean) {
        const auto less = static_cast<float>(std::pow(10.0, (static_cast<double>(mixture.snr_db) - uniform(random, 20.0, 45.0)) / 20));
        for (std::size_t i = 0; i < mixture.clean.size(); ++i)
            mixture.noisy[i] = mixture.clean[i] + less * (mixture.noisy[i] - mixture.clean[i]);
    }
    if (chance(random, recipe.late_start)) start_late(mixture, data.rate_hz, random);
    return make_example(bands, recipe.config.net_every, data.rate_hz, mixture.clean, mixture.noisy);
}

FloatNetwork train_denoiser(const NoisySpeech& data, const DenoiseRecipe& recipe, const TrainOptions& options,
                            const std::function<Development(const FloatNetwork&)>& develop, const Progress& progress) {
    const int epochs = options.epochs > 0 ? options.epochs : recipe.epochs;
    const int share = recipe.batch / gradient_shards;
    const FloatNetwork fresh = first_network(recipe, options);
    const bool averaged = recipe.average_epochs > 0;
    TrainingState state{.network = fresh, .best = fresh, .average = averaged ? fresh : FloatNetwork(),
                        .adam = Adam(fresh, {.learning_rate = recipe.learning_rate, .steps = epochs * recipe.steps_per_epoch, .weight_decay = recipe.weight_decay})};
    const std::string run = describe_run(data, recipe, options, epochs);
    if (options.resume) load_training_state(options.state, run, state);
    ShardedGradient sharded(state.network);  // which it keeps reading
    const int count = recipe.batch * recipe.steps_per_epoch;
    std::vector<DenoiseExample> examples;
    const auto start = Clock::now();
    while (state.epoch < epochs) {
        const int epoch = state.epoch;
        if (examples.empty() || epoch % recipe.reuse == 0) {
            examples.clear();  // before the next ones take their memory
            examples = make_examples(data, recipe, options, epoch / recipe.reuse, count);
        }
        const std::vector<int> order = shuffled(count, example_seed(options.seed, static_cast<std::uint64_t>(epoch)));
        double loss = 0;
        for (int step = 0; step < recipe.steps_per_epoch; ++step) {
            loss += sharded.compute(options.jobs, [&](int shard, Backprop& backprop, FloatNetwork& gradient) {
                const auto first = static_cast<std::size_t>(step * recipe.batch + shard * share);
                return shard_loss(data.rate_hz, recipe, examples, std::span(order).subspan(first, static_cast<std::size_t>(share)), backprop, gradient);
            });
            state.adam.step(state.network, sharded.gradient());
            if (averaged) average_in(state.average, state.network, state.adam.steps_done(), recipe.average_epochs * static_cast<float>(recipe.steps_per_epoch));
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
