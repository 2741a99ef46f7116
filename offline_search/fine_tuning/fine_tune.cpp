#include "offline_search/fine_tuning/fine_tune.h"

#include <algorithm>
#include <numeric>

#include "datasets/support/random.h"
#include "offline_search/fine_tuning/quantised_backprop.h"
#include "offline_search/quantisation/genome.h"
#include "offline_search/training/sharded_gradient.h"

namespace gruve {
namespace {

int batches_of(const TuningGoal& goal) { return (goal.count() + goal.batch() - 1) / goal.batch(); }

AdamOptions adam_options(const TuningGoal& goal, const FineTuneSettings& settings) {
    return {.learning_rate = settings.learning_rate,
            .steps = settings.epochs * batches_of(goal),
            .warm_up = batches_of(goal)};
}

}  // namespace

FineTuner::FineTuner(const Quantiser& quantiser, const Genome& genome, const TuningGoal& goal,
                     const FineTuneSettings& settings)
    : FineTuner(quantiser, genome, quantiser.weights(genome), goal, settings) {}

FineTuner::FineTuner(const Quantiser& quantiser, const Genome& genome, const TunedWeights& start,
                     const TuningGoal& goal, const FineTuneSettings& settings)
    : quantiser_(quantiser),
      genome_(genome),
      settings_(settings),
      latent_(start, genome),
      student_(quantiser.network(genome.network)),
      scale_gradient_(zeros_like(latent_.log_scales())),
      adam_(latent_.latent(), adam_options(goal, settings)),
      scale_adam_(latent_.log_scales(), adam_options(goal, settings)),
      order_(static_cast<std::size_t>(goal.count())),
      random_(hash_of("fine-tune", settings.seed)) {
    std::iota(order_.begin(), order_.end(), 0);
}

double FineTuner::pass(const TuningGoal& goal) {
    ShardedGradient sharded(QuantisedBackprop(quantiser_, genome_, student_), student_);
    const int count = goal.count(), batches = batches_of(goal);
    shuffle(order_, random_);
    double loss = 0;
    for (int b = 0; b < batches; ++b) {
        const int first = b * goal.batch(), size = std::min(goal.batch(), count - first);
        latent_.place(student_);
        loss += sharded.compute(settings_.jobs, [&](int shard, QuantisedBackprop& student, FloatNetwork& gradient) {
            const int begin = first + size * shard / gradient_shards,
                      end = first + size * (shard + 1) / gradient_shards;
            if (begin == end) return 0.0;
            const auto chosen = std::span<const int>(order_).subspan(static_cast<std::size_t>(begin),
                                                                     static_cast<std::size_t>(end - begin));
            const Matrix& given = student.forward(goal.inputs(chosen), end - begin);
            Matrix slope;
            const double share = goal.loss(chosen, given, size, slope);
            student.backward(slope, gradient);
            return share;
        });
        latent_.pull_back(sharded.gradient(), scale_gradient_);
        adam_.step(latent_.latent(), sharded.gradient());
        scale_adam_.step(latent_.log_scales(), scale_gradient_);
    }
    return loss / batches;
}

TunedWeights fine_tune(const Quantiser& quantiser, const Genome& genome, TuningGoal& goal,
                       const FineTuneSettings& settings) {
    FineTuner tuner(quantiser, genome, goal, settings);
    for (int pass = 0; pass < settings.epochs; ++pass) {
        goal.renew(settings.first_pass + pass, settings.jobs);
        tuner.pass(goal);
    }
    return tuner.result();
}

}  // namespace gruve
