#include "offline_search/tasks/classification/distillation.h"

#include <algorithm>
#include <utility>

#include "datasets/support/parallel.h"
#include "datasets/support/random.h"
#include "engine/streaming/clip_decision.h"

namespace gruve {
namespace {

/// Most of the weight is on the steps that decide a clip, because only those were trained. A small share on all steps
/// keeps the outputs on streams close to the teacher's.
std::vector<float> step_weights(Eigen::Index steps) {
    const int deciding = decision_steps(static_cast<int>(steps));
    constexpr float share = 0.15f;  // of the weight, spread over all steps
    std::vector<float> weights(static_cast<std::size_t>(steps), share / static_cast<float>(steps));
    for (int i = 0; i < deciding; ++i)
        weights[weights.size() - 1 - static_cast<std::size_t>(i)] += (1 - share) / static_cast<float>(deciding);
    return weights;
}

Vector softmax(const Eigen::Ref<const Vector>& logits) {
    const Vector e = (logits.array() - logits.maxCoeff()).exp();
    return e / e.sum();
}

/// The Kullback-Leibler divergence of the softmax outputs, times `weight`. Sets `gradient` to its gradient.
double divergence(const Eigen::Ref<const Vector>& wanted, const Eigen::Ref<const Vector>& given, float weight,
                  Eigen::Ref<Vector> gradient) {
    const Vector p = softmax(wanted), q = softmax(given);
    gradient = weight * (q - p);
    return static_cast<double>(weight * (p.array() * ((p.array() + 1e-12f) / (q.array() + 1e-12f)).log()).sum());
}

/// Cuts long sequences into pieces of `longest` steps. A shorter piece remains at the end if it has at least half that
/// length.
std::vector<Matrix> pieces_of(std::vector<Matrix> sequences, Eigen::Index longest) {
    std::vector<Matrix> pieces;
    for (Matrix& sequence : sequences) {
        if (sequence.cols() <= longest) {
            pieces.push_back(std::move(sequence));
            continue;
        }
        for (Eigen::Index t = 0; t + longest / 2 <= sequence.cols(); t += longest)
            pieces.push_back(sequence.middleCols(t, std::min(longest, sequence.cols() - t)));
    }
    return pieces;
}

bool gives_logits(const FloatNetwork& network) {
    const auto* last = std::get_if<FloatDense>(&network.layers.back());
    return last != nullptr && last->activation == Activation::none;
}

Matrix side_by_side(const std::vector<Matrix>& all, std::span<const int> chosen) {
    return gruve::side_by_side(static_cast<int>(chosen.size()), [&](int s) -> const Matrix& {
        return all[static_cast<std::size_t>(chosen[static_cast<std::size_t>(s)])];
    });
}

}  // namespace

Distillation::Distillation(const FloatNetwork& teacher, std::vector<Matrix> sequences, int jobs, int longest, int batch)
    : sequences_(pieces_of(std::move(sequences), longest)),
      wanted_(sequences_.size()),
      batch_(batch),
      logits_(gives_logits(teacher)) {
    Eigen::Index steps = 1;
    for (const Matrix& s : sequences_) steps = std::max(steps, s.cols());
    parallel_for(jobs, count(), [&](int i) {
        Matrix& sequence = sequences_[static_cast<std::size_t>(i)];
        const Eigen::Index had = sequence.cols();
        sequence.conservativeResize(Eigen::NoChange, steps);
        for (Eigen::Index t = had; t < steps; ++t) sequence.col(t) = sequence.col(had - 1);
        wanted_[static_cast<std::size_t>(i)] = teacher.forward(sequence);
    });
}

Matrix Distillation::inputs(std::span<const int> chosen) const { return side_by_side(sequences_, chosen); }

double Distillation::loss(std::span<const int> chosen, const Matrix& outputs, int of, Matrix& gradient) const {
    const auto sequences = static_cast<Eigen::Index>(chosen.size()), steps = outputs.cols() / sequences;
    const auto weights = logits_
                             ? step_weights(steps)
                             : std::vector<float>(static_cast<std::size_t>(steps), 1.0f / static_cast<float>(steps));
    const Matrix wanted = side_by_side(wanted_, chosen);
    gradient.resize(outputs.rows(), outputs.cols());
    double loss = 0;
    for (Eigen::Index c = 0; c < outputs.cols(); ++c) {
        const float weight = weights[static_cast<std::size_t>(c / sequences)] / static_cast<float>(of);
        if (logits_) {
            loss += divergence(wanted.col(c), outputs.col(c), weight, gradient.col(c));
        } else {
            const Vector error = outputs.col(c) - wanted.col(c);
            gradient.col(c) = weight * error;
            loss += 0.5 * static_cast<double>(gradient.col(c).dot(error));
        }
    }
    return loss;
}

StreamDistillation::StreamDistillation(const FloatNetwork& teacher, Draw draw, std::uint64_t seed, int count, int batch)
    : teacher_(teacher),
      draw_(std::move(draw)),
      seed_(seed),
      count_(count),
      batch_(batch),
      stretches_(static_cast<std::size_t>(count)),
      wanted_(stretches_.size()) {}

void StreamDistillation::renew(int pass, int jobs) {
    parallel_for(jobs, count_, [&](int i) {
        const auto k = static_cast<std::size_t>(i);
        std::mt19937_64 random(hash_of("stretch " + std::to_string(i), seed_ + static_cast<std::uint64_t>(pass)));
        stretches_[k] = draw_(random);
        wanted_[k] = teacher_.forward(stretches_[k]);
    });
}

Matrix StreamDistillation::inputs(std::span<const int> chosen) const { return side_by_side(stretches_, chosen); }

double StreamDistillation::loss(std::span<const int> chosen, const Matrix& outputs, int of, Matrix& gradient) const {
    const auto steps = outputs.cols() / static_cast<Eigen::Index>(chosen.size());
    const float weight = 1.0f / (static_cast<float>(steps) * static_cast<float>(of));
    const Matrix wanted = side_by_side(wanted_, chosen);
    gradient.resize(outputs.rows(), outputs.cols());
    double loss = 0;
    for (Eigen::Index c = 0; c < outputs.cols(); ++c)
        loss += divergence(wanted.col(c), outputs.col(c), weight, gradient.col(c));
    return loss;
}

}  // namespace gruve
