#include "offline_search/tasks/denoising/training.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "datasets/support/data_error.h"
#include "datasets/support/random.h"
#include "offline_search/network/inherit.h"
#include "offline_search/network/safetensors.h"
#include "offline_search/tasks/denoising/goal.h"
#include "offline_search/training/sharded_gradient.h"

namespace gruve {
namespace {

/// First bias of the shares of a comb filter: the sigmoid is 5 %, so hardly anything is mixed in before training.
constexpr float first_share = -3;
/// First bias of the gains of a network of bands: hardly anything is removed before training.
constexpr float first_gain = 0.5f;
/// Largest first value of what a network of bands knows of a band.
constexpr float first_place = 0.5f;
/// Of collections of many hours, only so many samples of each recording count in the hash of the data.
constexpr std::size_t hashed_of_many = 1024;

/// A row of the last layer.
struct Output {
    Eigen::Index row = 0;
    bool gain = true;  // false: the share of a comb filter
};

FloatDense& last_of(FloatNetwork& network) { return std::get<FloatDense>(network.layers.back()); }

/// The last layer's rows: for each frame of a step gains, then shares; of one band in a network of bands.
std::vector<Output> outputs_of(const FloatNetwork& network, const DenoiserConfig& config) {
    const int gains = network.bands > 1 ? 1 : config.bands;
    const int of_frame = config.frame_outputs() * gains / config.bands;
    std::vector<Output> result;
    for (int row = 0; row < config.outputs() * gains / config.bands; ++row)
        result.push_back({row, row % of_frame < gains});
    return result;
}

FloatNetwork make_dual_path_network(const DenoiseRecipe& recipe, std::uint64_t seed) {
    const int bands = recipe.config.bands, channels = recipe.channels, outputs = recipe.config.outputs() / bands;
    FloatNetwork network;
    network.bands = bands;
    FloatDense first = random_dense(recipe.config.features() / bands, channels, Activation::tanh, seed);
    first.by_band = first_place * random_dense(bands, channels, Activation::none, ~seed).weight *
                    std::sqrt(static_cast<float>(bands));
    network.layers.push_back(std::move(first));
    const auto add_dense = [&] {
        network.layers.push_back(random_dense(channels, channels, Activation::none, ++seed));
        std::get<FloatDense>(network.layers.back()).adds = true;
    };
    for (int block = 0; block < recipe.blocks; ++block) {
        network.layers.push_back(random_band_gru(channels, channels / 2, ++seed));
        add_dense();
        network.layers.push_back(random_gru(channels, channels, ++seed));
        add_dense();
    }
    network.layers.push_back(random_dense(channels, outputs, Activation::sigmoid, ++seed));
    for (const auto [row, gain] : outputs_of(network, recipe.config))
        last_of(network).bias[row] = gain ? first_gain : first_share;
    return network;
}

/// Has outputs for a step's frames, of which the first rows were inherited, for `inherited` frames. Each of these gives
/// its outputs to an equal share of the frames.
void repeat_outputs(FloatNetwork& network, int frames, int inherited) {
    FloatDense& last = last_of(network);
    const FloatDense from = last;
    const Eigen::Index of_frame = last.weight.rows() / frames;
    for (int frame = 0; frame < frames; ++frame) {
        const Eigen::Index source = frame * inherited / frames * of_frame;
        last.weight.middleRows(frame * of_frame, of_frame) = from.weight.middleRows(source, of_frame);
        last.bias.segment(frame * of_frame, of_frame) = from.bias.segment(source, of_frame);
    }
}

/// Changes what the gains are before their sigmoid, as the recipe says.
void sharpen(FloatNetwork& network, const DenoiseRecipe& recipe) {
    FloatDense& last = last_of(network);
    for (const auto [row, gain] : outputs_of(network, recipe.config)) {
        if (!gain) continue;
        last.weight.row(row) *= recipe.logit_factor;
        last.bias[row] = recipe.logit_factor * last.bias[row] + recipe.logit_shift;
    }
}

FloatNetwork first_network(const DenoiseRecipe& recipe, const TrainOptions& options) {
    FloatNetwork network = make_denoise_network(recipe, options);
    if (options.from.empty()) return network;
    const FloatNetwork from = load_safetensors(options.from);
    if (!inherit(from, network))
        throw DataError(
            options.from.string() + ": " +
            (recipe.channels > 0
                 ? "not a dual-path denoiser of at most " + std::to_string(recipe.channels) + " channels and " +
                       std::to_string(recipe.blocks) + " blocks"
                 : "not a denoiser of " + std::to_string(options.layers) + " GRU layers; give its --layers"));
    const int frames = recipe.config.net_every, known = from.output_size() / recipe.config.frame_outputs();
    if (recipe.config.each_frame && known > 0 && known < frames && frames % known == 0)
        repeat_outputs(network, frames, known);
    return network;
}

std::vector<int> shuffled(int count, std::uint64_t seed) {
    std::vector<int> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    std::mt19937_64 random(seed);
    shuffle(order, random);
    return order;
}

class DenoiseBatches final : public TrainingBatches {
public:
    DenoiseBatches(const NoisySpeech& data, const DenoiseRecipe& recipe, const TrainOptions& options)
        : data_(data),
          recipe_(recipe),
          options_(options),
          goal_(data, recipe, options.seed, recipe.batch * recipe.steps_per_epoch) {}

    std::uint64_t data_hash() const override {
        std::uint64_t hash = 0;
        for (const auto* recordings : {&data_.speech, &data_.noise}) {
            std::size_t total = 0;
            for (const Recording& r : *recordings) total += r.audio.samples.size();
            for (const Recording& r : *recordings) {
                const std::size_t all = r.audio.samples.size();
                const std::size_t count = total <= most_samples_kept ? all : std::min(all, hashed_of_many);
                const Excerpt part = r.audio.samples.part(0, count);
                hash = hash_of({reinterpret_cast<const char*>(part.span().data()), part.span().size_bytes()},
                               hash + static_cast<std::uint64_t>(r.split));
                if (count < all) hash = hash_of(std::to_string(all), hash);
            }
        }
        return hash;
    }
    std::string settings() const override { return to_json(recipe_); }

    /// Making a mixture takes as long as learning from it, so several epochs share the same mixtures.
    void begin_epoch(int epoch) override {
        if (const int pass = epoch / recipe_.reuse; pass != pass_) {
            goal_.renew(pass, options_.jobs);
            pass_ = pass;
        }
        order_ = shuffled(goal_.count(), hash_of(std::to_string(epoch), options_.seed));
    }

    double shard_loss(int step, int shard, Backprop& backprop, FloatNetwork& gradient) const override {
        const int share = recipe_.batch / gradient_shards;
        const auto chosen = std::span(order_).subspan(static_cast<std::size_t>(step * recipe_.batch + shard * share),
                                                      static_cast<std::size_t>(share));
        Matrix slope;
        const double loss = goal_.loss(chosen, backprop.forward(goal_.inputs(chosen), share), recipe_.batch, slope);
        backprop.backward(slope, gradient);
        return loss;
    }

private:
    const NoisySpeech& data_;
    const DenoiseRecipe& recipe_;
    const TrainOptions& options_;
    DenoiseGoal goal_;
    int pass_ = -1;  // whose mixtures goal_ holds
    std::vector<int> order_;
};

}  // namespace

FloatNetwork make_denoise_network(const DenoiseRecipe& recipe, const TrainOptions& options) {
    if (recipe.channels > 0) return make_dual_path_network(recipe, options.seed);
    FloatNetwork network;
    network.layers.push_back(random_dense(recipe.config.features(), recipe.dense, Activation::tanh, options.seed));
    for (int layer = 0; layer < options.layers; ++layer)
        network.layers.push_back(random_gru(layer == 0 ? recipe.dense : options.hidden, options.hidden,
                                            options.seed + 1 + static_cast<std::uint64_t>(layer)));
    network.layers.push_back(
        random_dense(options.hidden, recipe.config.outputs(), Activation::sigmoid, options.seed + 100));
    for (const auto [row, gain] : outputs_of(network, recipe.config))
        if (!gain) last_of(network).bias[row] = first_share;
    return network;
}

FloatNetwork train_denoiser(const NoisySpeech& data, const DenoiseRecipe& recipe, const TrainOptions& options,
                            const std::function<Development(const FloatNetwork&)>& develop, const Progress& progress) {
    DenoiseBatches batches(data, recipe, options);
    FloatNetwork network =
        run_training(batches,
                     {.network = first_network(recipe, options),
                      .epochs = options.epochs > 0 ? options.epochs : recipe.epochs,
                      .steps_per_epoch = recipe.steps_per_epoch,
                      .adam = {.learning_rate = recipe.learning_rate, .weight_decay = recipe.weight_decay},
                      .average_epochs = recipe.average_epochs,
                      .develop = develop},
                     options, progress);
    sharpen(network, recipe);
    return network;
}

}  // namespace gruve
