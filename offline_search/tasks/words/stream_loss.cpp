#include "offline_search/tasks/words/stream_loss.h"

#include <algorithm>
#include <cmath>

#include "offline_search/tasks/words/drawn_streams.h"

namespace gruve {
namespace {

/// −log m, where m is the largest mean of the word's posteriors p_t over smoothing_steps steps whose last one is in
/// from … to − 1. For the n steps of that mean, −dL/dy_t = p_t / (n m) · (label − softmax y_t), times `weight`. The
/// factors p_t / (n m) add up to 1, even if the network wasn't sure at any step.
double word_loss(const Matrix& posteriors, int label, Eigen::Index from, Eigen::Index to, Eigen::Index stride,
                 Eigen::Index sequence, float weight, Matrix& gradient) {
    constexpr Eigen::Index smoothing_steps = 7;
    const auto p = [&](Eigen::Index t) { return posteriors(label, t * stride + sequence); };
    float best = -1;
    Eigen::Index best_at = from;
    for (Eigen::Index t = from; t < to; ++t) {
        float sum = 0;
        for (Eigen::Index k = std::max<Eigen::Index>(0, t - smoothing_steps + 1); k <= t; ++k) sum += p(k);
        if (sum > best) best = sum, best_at = t;
    }
    const Eigen::Index first = std::max<Eigen::Index>(0, best_at - smoothing_steps + 1);
    best = std::max(best, 1e-20f);
    for (Eigen::Index t = first; t <= best_at; ++t) {
        const Eigen::Index column = t * stride + sequence;
        const float own = weight * p(t) / best;
        gradient.col(column) += own * posteriors.col(column);
        gradient(label, column) -= own;
    }
    return -std::log(static_cast<double>(best) / static_cast<double>(best_at - first + 1));
}

}  // namespace

double stream_loss(const Matrix& logits, const std::vector<std::vector<int>>& labels, const StreamLossConfig& config,
                   float weight, Matrix& gradient) {
    const auto count = static_cast<Eigen::Index>(labels.size());
    const auto classes = logits.rows();
    gradient.setZero(classes, logits.cols());
    Matrix posteriors = logits.rowwise() - logits.colwise().maxCoeff();
    posteriors = posteriors.array().exp();
    posteriors.array().rowwise() /= posteriors.colwise().sum().array().eval();
    Vector target = Vector::Constant(classes, config.smoothing / static_cast<float>(classes));
    target[0] += 1.0f - config.smoothing;
    double loss = 0;
    for (Eigen::Index s = 0; s < count; ++s) {
        const auto& wanted = labels[static_cast<std::size_t>(s)];
        const auto steps = static_cast<Eigen::Index>(wanted.size());
        const float share = 1.0f / static_cast<float>(steps);
        for (Eigen::Index t = 0; t < steps; ++t) {
            const auto column = t * count + s;
            const int label = wanted[static_cast<std::size_t>(t)];
            if (label == 0) {
                const auto p = posteriors.col(column);
                const float own = share * (1.0f + config.alarm_weight * (1.0f - p[0]));
                loss -= static_cast<double>(own * target.dot(p.array().max(1e-20f).log().matrix()));
                gradient.col(column) += (p - target) * (own * weight);
            } else if (label > 0 && (t == 0 || wanted[static_cast<std::size_t>(t - 1)] != label)) {
                Eigen::Index end = t + 1;
                while (end < steps && wanted[static_cast<std::size_t>(end)] == label) ++end;
                const float own = share * config.word_steps;
                loss +=
                    static_cast<double>(own) * word_loss(posteriors, label, t, end, count, s, own * weight, gradient);
            }
        }
    }
    return loss;
}

}  // namespace gruve
