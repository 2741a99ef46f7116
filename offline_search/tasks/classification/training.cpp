#include "offline_search/tasks/classification/training.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "datasets/support/data_error.h"
#include "datasets/support/parallel.h"
#include "datasets/support/random.h"
#include "engine/streaming/clip_decision.h"
#include "offline_search/network/inherit.h"
#include "offline_search/network/safetensors.h"
#include "offline_search/tasks/words/drawn_streams.h"
#include "offline_search/tasks/words/stream_loss.h"
#include "offline_search/training/sharded_gradient.h"
#include "offline_search/training/training_loop.h"

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

/// Cross entropy of p = softmax(mean_t y_t) and the smoothed label, summed over the sequences. The mean is over the
/// deciding steps. Sets `gradient` to weight · dL/dy_t = weight · (p − target) / decision_steps on those steps, 0 on
/// the others.
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

/// `count` stretches side by side (see backprop.h), and their labels.
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

/// Clips of a ClipSource and, for a live task, stretches of its streams beside each batch of clips.
class ClassifierBatches final : public TrainingBatches {
public:
    ClassifierBatches(const ClipSource& source, const ClassifierRecipe& recipe, std::uint64_t seed)
        : source_(source),
          streams_(source.streams(Split::train)),
          recipe_(recipe),
          seed_(seed),
          order_(static_cast<std::size_t>(source.training_count())),
          random_(hash_of("order", seed)) {
        std::iota(order_.begin(), order_.end(), 0);
    }

    int steps_per_epoch() const { return (count() + recipe_.batch - 1) / recipe_.batch; }

    /// Covers the training clips and a few draws. The draws depend on noise and other speech, too: if there is more or
    /// less of them, the draws differ.
    std::uint64_t data_hash() const override {
        std::uint64_t hash = 0;
        const auto add = [&](const Matrix& features, std::uint64_t label) {
            const auto* values = reinterpret_cast<const char*>(features.data());
            hash = hash_of({values, static_cast<std::size_t>(features.size()) * sizeof(float)}, hash + label);
        };
        constexpr std::size_t at_once = 256;
        const std::size_t clips = source_.count(Split::train);
        std::vector<Clip> some(at_once);
        for (std::size_t from = 0; from < clips; from += at_once) {
            const std::size_t made = std::min(at_once, clips - from);
            parallel_for(default_jobs(), static_cast<int>(made), [&](int i) {
                some[static_cast<std::size_t>(i)] = source_.clip(Split::train, from + static_cast<std::size_t>(i));
            });
            for (std::size_t i = 0; i < made; ++i) add(some[i].features, static_cast<std::uint64_t>(some[i].label));
        }
        constexpr int drawn = 4;
        std::mt19937_64 random(hash_of("describe", seed_));
        for (int i = 0; i < drawn; ++i) {
            add(source_.draw(Split::train, i % count(), random).features, 0);
            if (streams_) add(streams_->draw(random).features, 0);
        }
        return hash;
    }

    std::string settings() const override {
        const ClassifierRecipe& r = recipe_;
        char text[300];
        std::snprintf(
            text, sizeof text,
            "batch %d, learning rate %g, weight decay %g, label smoothing %g, average %g, streams %d %g %g %g %g",
            r.batch, static_cast<double>(r.learning_rate), static_cast<double>(r.weight_decay),
            static_cast<double>(r.label_smoothing), static_cast<double>(r.average_epochs), r.streams,
            static_cast<double>(r.stream_weight), static_cast<double>(r.stream_loss.smoothing),
            static_cast<double>(r.stream_loss.alarm_weight), static_cast<double>(r.stream_loss.word_steps));
        return text;
    }

    /// Each epoch shuffles the order of the previous one, so a resumed training repeats the shuffles of the skipped
    /// epochs.
    void begin_epoch(int epoch) override {
        for (; shuffled_epochs_ <= epoch; ++shuffled_epochs_) {
            shuffle(order_, random_);
            epoch_seed_ = random_();
        }
    }

    double shard_loss(int step, int shard, Backprop& backprop, FloatNetwork& gradient) const override {
        const int first = step * recipe_.batch, size = std::min(recipe_.batch, count() - first);
        const int begin = size * shard / gradient_shards, end = size * (shard + 1) / gradient_shards;
        if (begin == end) return 0.0;
        const auto chosen =
            std::span(order_).subspan(static_cast<std::size_t>(first + begin), static_cast<std::size_t>(end - begin));
        const Examples examples = draw_examples(source_, chosen, epoch_seed_);
        Matrix slope;
        double loss = decision_loss(backprop.forward(examples.batch, end - begin), examples.labels,
                                    recipe_.label_smoothing, 1.0f / static_cast<float>(size), slope) /
                      size;
        backprop.backward(slope, gradient);
        if (streams_) loss += stream_shard_loss(step, shard, backprop, gradient);
        return loss;
    }

private:
    int count() const { return static_cast<int>(order_.size()); }

    double stream_shard_loss(int step, int shard, Backprop& backprop, FloatNetwork& gradient) const {
        const int stretches = recipe_.streams / gradient_shards;
        const auto [batch, labels] =
            draw_streams(*streams_, stretches,
                         hash_of("stream", epoch_seed_ + static_cast<std::uint64_t>(step * gradient_shards + shard)));
        const float weight = recipe_.stream_weight / static_cast<float>(stretches * gradient_shards);
        Matrix slope;
        const double loss = static_cast<double>(weight) *
                            stream_loss(backprop.forward(batch, stretches), labels, recipe_.stream_loss, weight, slope);
        backprop.backward(slope, gradient);
        return loss;
    }

    const ClipSource& source_;
    const DrawnStreams* streams_;  // null without streams
    const ClassifierRecipe& recipe_;
    std::uint64_t seed_;
    std::vector<int> order_;
    std::mt19937_64 random_;
    std::uint64_t epoch_seed_ = 0;
    int shuffled_epochs_ = 0;
};

}  // namespace

FloatNetwork train_classifier(const ClipSource& source, const ClassifierRecipe& recipe, const TrainOptions& options,
                              const Progress& progress) {
    ClassifierBatches batches(source, recipe, options.seed);
    const int steps_per_epoch = batches.steps_per_epoch();
    const int features = static_cast<int>(source.clip(Split::train, 0).features.rows());
    // A model that has learnt already is trained on at a quarter of the rate.
    const float learning_rate = (options.from.empty() ? 1.0f : 0.25f) * recipe.learning_rate;
    return run_training(
        batches,
        {.network = make_network(features, static_cast<int>(source.labels().size()), options),
         .epochs = options.epochs > 0 ? options.epochs : recipe.epochs,
         .steps_per_epoch = steps_per_epoch,
         .adam = {.learning_rate = learning_rate, .warm_up = steps_per_epoch, .weight_decay = recipe.weight_decay},
         .average_epochs = recipe.average_epochs},
        options, progress);
}

}  // namespace gruve
