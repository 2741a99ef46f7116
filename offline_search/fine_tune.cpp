#include "offline_search/fine_tune.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "datasets/random.h"
#include "engine/clip_decision.h"
#include "offline_search/adam.h"
#include "offline_search/backprop.h"
#include "offline_search/latent_weights.h"
#include "offline_search/parallel.h"
#include "offline_search/quantised_backprop.h"

namespace gruve {
namespace {

/// Most of the loss lies on the steps by which a clip is decided: only those were trained. A share on all keeps a stream's outputs near.
std::vector<float> step_weights(Eigen::Index steps) {
    const int deciding = decision_steps(static_cast<int>(steps));
    constexpr float share = 0.15f;  // on all steps
    std::vector<float> weights(static_cast<std::size_t>(steps), share / static_cast<float>(steps));
    for (int i = 0; i < deciding; ++i) weights[weights.size() - 1 - static_cast<std::size_t>(i)] += (1 - share) / static_cast<float>(deciding);
    return weights;
}

Vector softmax(const Eigen::Ref<const Vector>& logits) {
    const Vector e = (logits.array() - logits.maxCoeff()).exp();
    return e / e.sum();
}

/// Loss (of logits the Kullback-Leibler divergence) and its gradient against the outputs wanted, as a mean over `batch` sequences.
/// output_weights: of squared errors, shaped as `wanted`, or empty.
double distillation_loss(const Matrix& wanted, const Matrix& output_weights, const Matrix& student, int sequences, bool logits, float batch, Matrix& gradient) {
    const Eigen::Index steps = student.cols() / sequences;
    const auto weights = logits ? step_weights(steps) : std::vector<float>(static_cast<std::size_t>(steps), 1.0f / static_cast<float>(steps));
    gradient.resize(student.rows(), student.cols());
    double loss = 0;
    for (Eigen::Index c = 0; c < student.cols(); ++c) {
        const float weight = weights[static_cast<std::size_t>(c / sequences)] / batch;
        if (logits) {
            const Vector p = softmax(wanted.col(c)), q = softmax(student.col(c));
            loss += static_cast<double>(weight * (p.array() * ((p.array() + 1e-12f) / (q.array() + 1e-12f)).log()).sum());
            gradient.col(c) = weight * (q - p);
        } else {
            const Vector error = student.col(c) - wanted.col(c);
            gradient.col(c) = weight * error;
            if (output_weights.size() > 0) gradient.col(c).array() *= output_weights.col(c).array();
            loss += 0.5 * static_cast<double>(gradient.col(c).dot(error));
        }
    }
    return loss;
}

/// Matrices of equal size side by side, step after step (see backprop.h).
Matrix make_batch(const std::vector<Matrix>& sequences, std::span<const int> indices) {
    const auto count = static_cast<Eigen::Index>(indices.size()), steps = sequences[0].cols();
    Matrix batch(sequences[0].rows(), steps * count);
    for (Eigen::Index s = 0; s < count; ++s) {
        const Matrix& sequence = sequences[static_cast<std::size_t>(indices[static_cast<std::size_t>(s)])];
        for (Eigen::Index t = 0; t < steps; ++t) batch.col(t * count + s) = sequence.col(t);
    }
    return batch;
}

/// Longer ones in pieces; what remains of one at its end only where it is half a piece or more.
std::vector<Matrix> pieces_of(std::vector<Matrix> sequences, Eigen::Index longest) {
    std::vector<Matrix> pieces;
    for (Matrix& sequence : sequences) {
        if (sequence.cols() <= longest) {
            pieces.push_back(std::move(sequence));
            continue;
        }
        for (Eigen::Index t = 0; t + longest / 2 <= sequence.cols(); t += longest) pieces.push_back(sequence.middleCols(t, std::min(longest, sequence.cols() - t)));
    }
    return pieces;
}

}  // namespace

TuningExamples tuning_examples(const FloatNetwork& network, TuningSet set, int jobs, int longest) {
    const auto* last = std::get_if<FloatDense>(&network.layers.back());
    TuningExamples examples{pieces_of(std::move(set.sequences), longest), {}, pieces_of(std::move(set.weights), longest), last != nullptr && last->activation == Activation::none};
    Eigen::Index steps = 1;
    for (const Matrix& s : examples.sequences) steps = std::max(steps, s.cols());
    examples.wanted.resize(examples.sequences.size());
    parallel_for(jobs, static_cast<int>(examples.sequences.size()), [&](int i) {
        Matrix& sequence = examples.sequences[static_cast<std::size_t>(i)];
        const Eigen::Index had = sequence.cols();
        sequence.conservativeResize(Eigen::NoChange, steps);
        for (Eigen::Index t = had; t < steps; ++t) sequence.col(t) = sequence.col(had - 1);
        examples.wanted[static_cast<std::size_t>(i)] = network.forward(sequence);
        if (examples.weights.empty()) return;
        Matrix& weights = examples.weights[static_cast<std::size_t>(i)];
        weights.conservativeResize(Eigen::NoChange, steps);
        weights.rightCols(steps - had).setZero();  // what only fills up counts nothing
    });
    return examples;
}

TunedWeights fine_tune(const Quantiser& quantiser, const Genome& genome, const TuningExamples& examples, const FineTuneSettings& settings,
                       const std::function<bool(int epoch, double loss)>& more) {
    const FloatNetwork& start = quantiser.network(genome.network);
    LatentWeights latent(start, quantiser.weights(genome), genome);
    FloatNetwork student = start;
    const int count = static_cast<int>(examples.sequences.size()), batches = (count + settings.batch - 1) / settings.batch;
    const AdamOptions options{.learning_rate = settings.learning_rate, .steps = settings.epochs * batches, .warm_up = batches};
    Adam adam(latent.latent(), options), scale_adam(latent.log_scales(), options);
    FloatNetwork scale_gradient = zeros_like(latent.log_scales());

    std::vector<QuantisedBackprop> students(gradient_shards, QuantisedBackprop(quantiser, genome, student));
    std::vector<FloatNetwork> gradients(gradient_shards, zeros_like(start));
    std::vector<int> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    std::mt19937_64 random(hash_of("fine-tune", settings.seed));
    for (int epoch = 1; epoch <= settings.epochs; ++epoch) {
        shuffle(order, random);
        double loss = 0;
        for (int b = 0; b < batches; ++b) {
            const int first = b * settings.batch, size = std::min(settings.batch, count - first);
            latent.place(student);
            double losses[gradient_shards] = {};
            parallel_for(settings.jobs, gradient_shards, [&](int shard) {
                const auto k = static_cast<std::size_t>(shard);
                for (auto values : parameters(gradients[k])) std::fill(values.begin(), values.end(), 0.0f);
                const int begin = first + size * shard / gradient_shards, end = first + size * (shard + 1) / gradient_shards;
                if (begin == end) return;
                const auto indices = std::span(order).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
                const Matrix& given = students[k].forward(make_batch(examples.sequences, indices), end - begin);
                Matrix slope;
                const Matrix weights = examples.weights.empty() ? Matrix() : make_batch(examples.weights, indices);
                losses[k] = distillation_loss(make_batch(examples.wanted, indices), weights, given, end - begin, examples.logits, static_cast<float>(size), slope);
                students[k].backward(slope, gradients[k]);
            });
            const auto sum = parameters(gradients[0]);
            for (std::size_t k = 1; k < gradient_shards; ++k) {
                const auto share = parameters(gradients[k]);
                for (std::size_t p = 0; p < sum.size(); ++p)
                    for (std::size_t i = 0; i < sum[p].size(); ++i) sum[p][i] += share[p][i];
            }
            for (const double share : losses) loss += share;
            latent.pull_back(gradients[0], scale_gradient);
            adam.step(latent.latent(), gradients[0]);
            scale_adam.step(latent.log_scales(), scale_gradient);
        }
        if (more && !more(epoch, loss / batches)) break;
    }
    return latent.result();
}

}  // namespace gruve
