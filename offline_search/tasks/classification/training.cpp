#include "offline_search/tasks/classification/training.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "datasets/support/data_error.h"
#include "datasets/support/random.h"
#include "engine/streaming/clip_decision.h"
#include "offline_search/network/inherit.h"
#include "offline_search/network/safetensors.h"
#include "offline_search/tasks/words/drawn_streams.h"
#include "offline_search/tasks/words/stream_loss.h"
#include "offline_search/training/adam.h"
#include "offline_search/training/sharded_gradient.h"
#include "offline_search/training/training_state.h"
#include "offline_search/training/weight_average.h"

namespace gruve {
namespace {

FloatNetwork make_network(int features, int labels, const TrainOptions& options) {
    FloatNetwork network;
    for (int layer = 0; layer < options.layers; ++layer) {
        network.layers.emplace_back(random_gru(layer == 0 ? features : options.hidden, options.hidden,
                                               hash_of("gru", options.seed + 1000 * layer)));
    }
    network.layers.emplace_back(random_dense(options.hidden, labels, Activation::none, hash_of("dense", options.seed)));
    if (options.from.empty()) return network;
    const FloatNetwork from = load_safetensors(options.from);
    if (from.input_size() != features || from.output_size() != labels || !inherit(from, network))
        throw DataError(options.from.string() + ": not a network of " + std::to_string(features) + " features, " +
                        std::to_string(options.layers) + " GRU layers and " + std::to_string(labels) +
                        " labels; give its --layers");
    return network;
}

struct Examples {
    Matrix batch;  // see backprop.h
    std::vector<int> labels;
};

Examples draw_examples(const ClipSource& source, std::span<const int> indices, std::uint64_t seed) {
    const auto count = static_cast<Eigen::Index>(indices.size());
    Examples examples;
    for (Eigen::Index s = 0; s < count; ++s) {
        const int index = indices[static_cast<std::size_t>(s)];
        std::mt19937_64 random(hash_of(std::to_string(index), seed));
        const Clip clip = source.draw(Split::train, index, random);
        if (s == 0) examples.batch.resize(clip.features.rows(), clip.features.cols() * count);
        for (Eigen::Index t = 0; t < clip.features.cols(); ++t)
            examples.batch.col(t * count + s) = clip.features.col(t);
        examples.labels.push_back(clip.label);
    }
    return examples;
}

/// Cross entropy of the mean logits p = softmax(mean_t y_t) against the smoothed label, summed over sequences.
/// dL/dy_t = (p − target) / decision_steps · weight on the steps that count, 0 elsewhere.
double decision_loss(const Matrix& logits, const std::vector<int>& labels, float smoothing, float weight,
                     Matrix& gradient) {
    const auto count = static_cast<Eigen::Index>(labels.size());
    const auto steps = logits.cols() / count, classes = logits.rows();
    const int deciding = decision_steps(static_cast<int>(steps));
    gradient.setZero(classes, logits.cols());
    double loss = 0;
    for (Eigen::Index s = 0; s < count; ++s) {
        Vector p = Vector::Zero(classes);
        for (auto t = steps - deciding; t < steps; ++t) p += logits.col(t * count + s);
        p /= static_cast<float>(deciding);
        p.array() -= p.maxCoeff();
        const float log_sum = std::log(p.array().exp().sum());
        const Vector log_p = p.array() - log_sum;
        Vector target = Vector::Constant(classes, smoothing / static_cast<float>(classes));
        target[labels[static_cast<std::size_t>(s)]] += 1.0f - smoothing;
        loss -= static_cast<double>(target.dot(log_p));
        const Vector slope = (log_p.array().exp() - target.array()) * (weight / static_cast<float>(deciding));
        for (auto t = steps - deciding; t < steps; ++t) gradient.col(t * count + s) = slope;
    }
    return loss;
}

/// `count` stretches side by side, and their labels.
std::pair<Matrix, std::vector<std::vector<int>>> draw_streams(const DrawnStreams& streams, int count,
                                                              std::uint64_t seed) {
    std::pair<Matrix, std::vector<std::vector<int>>> drawn;
    for (int s = 0; s < count; ++s) {
        std::mt19937_64 random(hash_of(std::to_string(s), seed));
        StreamExample example = streams.draw(random);
        if (s == 0) drawn.first.resize(example.features.rows(), example.features.cols() * count);
        for (Eigen::Index t = 0; t < example.features.cols(); ++t)
            drawn.first.col(t * count + s) = example.features.col(t);
        drawn.second.push_back(std::move(example.labels));
    }
    return drawn;
}

std::string progress_line(int epoch, int epochs, double loss, double seconds_left) {
    char text[120];
    std::snprintf(text, sizeof text, "epoch %d of %d, loss %.4f, %.0f s left", epoch, epochs, loss, seconds_left);
    return text;
}

/// What a training that goes on must agree in. Noise and other speech show in what is drawn: another number of them gives other draws.
std::string describe_run(const ClipSource& source, const ClassifierRecipe& r, const TrainOptions& options, int epochs) {
    std::uint64_t hash = 0;
    const auto add = [&](const Matrix& features, std::uint64_t label) {
        const auto* values = reinterpret_cast<const char*>(features.data());
        hash = hash_of({values, static_cast<std::size_t>(features.size()) * sizeof(float)}, hash + label);
    };
    for (const Clip& clip : source.clips(Split::train)) add(clip.features, static_cast<std::uint64_t>(clip.label));
    constexpr int drawn = 4;
    std::mt19937_64 random(hash_of("describe", options.seed));
    for (int i = 0; i < drawn; ++i) {
        add(source.draw(Split::train, i % source.training_count(), random).features, 0);
        if (const DrawnStreams* streams = source.streams(Split::train)) add(streams->draw(random).features, 0);
    }
    char text[300];
    std::snprintf(text, sizeof text,
                  "data %016llx, batch %d, learning rate %g, weight decay %g, label smoothing %g, average %g, streams "
                  "%d %g %g %g %g, hidden %d, layers %d, epochs %d, seed %llu",
                  static_cast<unsigned long long>(hash), r.batch, static_cast<double>(r.learning_rate),
                  static_cast<double>(r.weight_decay), static_cast<double>(r.label_smoothing),
                  static_cast<double>(r.average_epochs), r.streams, static_cast<double>(r.stream_weight),
                  static_cast<double>(r.stream_loss.smoothing), static_cast<double>(r.stream_loss.alarm_weight),
                  static_cast<double>(r.stream_loss.word_steps), options.hidden, options.layers, epochs,
                  static_cast<unsigned long long>(options.seed));
    return text + (options.from.empty() ? "" : ", from " + options.from.filename().string());
}

}  // namespace

FloatNetwork train_classifier(const ClipSource& source, const ClassifierRecipe& recipe, const TrainOptions& options,
                              const Progress& progress) {
    const int epochs = options.epochs > 0 ? options.epochs : recipe.epochs;
    const int features = static_cast<int>(source.clips(Split::train).front().features.rows());
    const int count = source.training_count(), batches = (count + recipe.batch - 1) / recipe.batch;
    const FloatNetwork fresh = make_network(features, static_cast<int>(source.labels().size()), options);
    const DrawnStreams* streams = source.streams(Split::train);
    const float learning_rate =
        (options.from.empty() ? 1.0f : 0.25f) * recipe.learning_rate;  // learning goes on from a model more slowly
    const int streams_per_shard = recipe.streams / gradient_shards;
    const bool averaged = recipe.average_epochs > 0;
    TrainingState state{.network = fresh,  // there is no best one: the last is kept
                        .average = averaged ? fresh : FloatNetwork(),
                        .adam = Adam(fresh, {.learning_rate = learning_rate,
                                             .steps = epochs * batches,
                                             .warm_up = batches,
                                             .weight_decay = recipe.weight_decay})};
    const std::string run = options.state.empty() ? std::string() : describe_run(source, recipe, options, epochs);
    if (options.resume) load_training_state(options.state, run, state);
    const int done_before = state.epoch;
    ShardedGradient sharded(Backprop(state.network), state.network);  // which it keeps reading

    std::vector<int> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    std::mt19937_64 random(hash_of("order", options.seed));
    const auto start = std::chrono::steady_clock::now();
    for (int epoch = 1; epoch <= epochs; ++epoch) {
        shuffle(order, random);
        const std::uint64_t seed = random();
        if (epoch <= state.epoch) continue;  // done before an interruption
        double loss = 0;
        for (int b = 0; b < batches; ++b) {
            const int first = b * recipe.batch, size = std::min(recipe.batch, count - first);
            loss += sharded.compute(options.jobs, [&](int shard, Backprop& backprop, FloatNetwork& gradient) {
                const int begin = size * shard / gradient_shards, end = size * (shard + 1) / gradient_shards;
                if (begin == end) return 0.0;
                const Examples examples =
                    draw_examples(source,
                                  std::span(order).subspan(static_cast<std::size_t>(first + begin),
                                                           static_cast<std::size_t>(end - begin)),
                                  seed);
                const Matrix& logits = backprop.forward(examples.batch, end - begin);
                Matrix slope;
                double share = decision_loss(logits, examples.labels, recipe.label_smoothing,
                                             1.0f / static_cast<float>(size), slope);
                backprop.backward(slope, gradient);
                if (!streams) return share;
                const auto [batch, labels] =
                    draw_streams(*streams, streams_per_shard,
                                 hash_of("stream", seed + static_cast<std::uint64_t>(b * gradient_shards + shard)));
                const float weight = recipe.stream_weight / static_cast<float>(streams_per_shard * gradient_shards);
                share +=
                    size * static_cast<double>(weight) *
                    stream_loss(backprop.forward(batch, streams_per_shard), labels, recipe.stream_loss, weight, slope);
                backprop.backward(slope, gradient);
                return share;
            });
            state.adam.step(state.network, sharded.gradient());
            if (averaged)
                average_in(state.average, state.network, state.adam.steps_done(),
                           recipe.average_epochs * static_cast<float>(batches));
        }
        state.epoch = epoch;
        if (!options.state.empty()) save_training_state(options.state, run, state);
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        if (progress &&
            !progress(progress_line(epoch, epochs, loss / count, seconds / (epoch - done_before) * (epochs - epoch))))
            break;
    }
    return averaged ? state.average : state.network;
}

}  // namespace gruve
