#include "offline_search/training/training_loop.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "datasets/support/interrupt.h"
#include "datasets/support/utf8.h"
#include "offline_search/training/sharded_gradient.h"
#include "offline_search/training/step_line.h"
#include "offline_search/training/training_state.h"
#include "offline_search/training/weight_average.h"

namespace gruve {
namespace {

/// A development score can take as long as a quarter of an epoch. Thirty of them are enough to choose from.
int epochs_between_developments(int epochs) { return std::max(1, epochs / 30); }

/// Everything that two trainings must have in common for one to continue the other. Stored in state files: keep the
/// format.
std::string describe_run(const TrainingBatches& batches, const TrainOptions& options, int epochs) {
    char data[32];
    std::snprintf(data, sizeof data, "data %016llx, ", static_cast<unsigned long long>(batches.data_hash()));
    return data + batches.settings() + ", hidden " + std::to_string(options.hidden) + ", layers " +
           std::to_string(options.layers) + ", epochs " + std::to_string(epochs) + ", seed " +
           std::to_string(options.seed) +
           (options.from.empty() ? "" : ", from " + escaped(options.from.filename().string()));
}

TrainingState first_state(const TrainingPlan& plan) {
    AdamOptions adam = plan.adam;
    adam.steps = plan.epochs * plan.steps_per_epoch;
    return {.network = plan.network,
            .best = plan.develop ? plan.network : FloatNetwork(),
            .average = plan.average_epochs > 0 ? plan.network : FloatNetwork(),
            .adam = Adam(plan.network, adam)};
}

class TrainingLoop {
public:
    TrainingLoop(TrainingBatches& batches, const TrainingPlan& plan, const TrainOptions& options,
                 const Progress& progress)
        : batches_(batches),
          plan_(plan),
          options_(options),
          progress_(progress),
          state_(first_state(plan)),
          sharded_(Backprop(state_.network), state_.network) {
        if (options_.state.empty()) return;
        run_ = describe_run(batches_, options_, plan_.epochs);
        if (options_.resume) load_training_state(options_.state, run_, state_);
        first_epoch_ = state_.epoch;
    }

    FloatNetwork run() {
        keep_whole_epoch();
        try {
            while (state_.epoch < plan_.epochs)
                if (!train_epoch()) break;
        } catch (const Interrupted&) {  // within an epoch or its score
            return stopped();
        }
        if (state_.epoch < plan_.epochs) return stopped();
        return plan_.develop ? state_.best : candidate();
    }

private:
    /// False if `progress` asked for a stop.
    bool train_epoch() {
        batches_.begin_epoch(state_.epoch);
        double loss = 0;
        for (int step = 0; step < plan_.steps_per_epoch; ++step) {
            loss += train_step(step);
            if (plan_.develop && !report_step(step, loss / (step + 1))) return false;
        }
        const std::string development = develop(state_.epoch + 1);
        ++state_.epoch;
        keep_whole_epoch();
        if (!options_.state.empty()) save_training_state(options_.state, run_, state_);
        return report_epoch(loss / plan_.steps_per_epoch, development);
    }

    /// For a stop in a later epoch, where no score chooses the weights.
    void keep_whole_epoch() {
        if (!plan_.develop) whole_ = candidate();
    }

    /// What a training holds that was stopped early.
    FloatNetwork stopped() const {
        const bool scored = std::isfinite(state_.best_value), learnt = state_.epoch > 0;
        FloatNetwork network = !plan_.develop ? whole_ : scored || !learnt ? state_.best : candidate();
        const std::string after =
            "after " + std::to_string(state_.epoch) + " of " + std::to_string(plan_.epochs) + " epochs";
        network.metadata["stopped"] = !learnt          ? "in the first epoch: nothing was learnt yet"
                                      : !plan_.develop ? after + ", with the weights of the last one"
                                      : scored         ? after + ", with the best weights by development score"
                                                       : after + ", with the latest weights, which have no score yet";
        if (!learnt) network.metadata["learnt"] = "no";
        return network;
    }

    double train_step(int step) {
        const double loss = sharded_.compute(options_.jobs, [&](int shard, Backprop& backprop, FloatNetwork& gradient) {
            return batches_.shard_loss(step, shard, backprop, gradient);
        });
        state_.adam.step(state_.network, sharded_.gradient());
        if (averaged())
            average_in(state_.average, state_.network, state_.adam.steps_done(),
                       plan_.average_epochs * static_cast<float>(plan_.steps_per_epoch));
        return loss;
    }

    /// Keeps the candidate after `epoch` epochs if it is the best so far. Returns its score in words; empty if this
    /// epoch isn't scored.
    std::string develop(int epoch) {
        if (!plan_.develop || (plan_.epochs - epoch) % epochs_between_developments(plan_.epochs) != 0) return {};
        const Development development = plan_.develop(candidate());
        if (development.value > state_.best_value) {
            state_.best_value = development.value;
            state_.best = candidate();
        }
        return development.text;
    }

    bool averaged() const { return plan_.average_epochs > 0; }
    const FloatNetwork& candidate() const { return averaged() ? state_.average : state_.network; }

    bool report_step(int step, double loss) const {
        if (!progress_) return true;
        char text[120];
        std::snprintf(text, sizeof text, "epoch %d of %d%s%d of %d, loss %.4f", state_.epoch + 1, plan_.epochs,
                      step_words.data(), step + 1, plan_.steps_per_epoch, loss);
        return progress_(text);
    }

    bool report_epoch(double loss, const std::string& development) const {
        if (!progress_) return true;
        const double seconds = std::chrono::duration<double>(Clock::now() - start_).count(),
                     seconds_left = seconds / (state_.epoch - first_epoch_) * (plan_.epochs - state_.epoch);
        char text[120];
        std::snprintf(text, sizeof text, "epoch %d of %d, loss %.4f, %.0f s left", state_.epoch, plan_.epochs, loss,
                      seconds_left);
        return progress_(text + (development.empty() ? "" : ", " + development));
    }

    using Clock = std::chrono::steady_clock;

    TrainingBatches& batches_;
    const TrainingPlan& plan_;
    const TrainOptions& options_;
    const Progress& progress_;
    TrainingState state_;
    ShardedGradient<Backprop> sharded_;  // reads state_.network at every step
    FloatNetwork whole_;                 // after the last whole epoch; empty with a development score
    std::string run_;
    int first_epoch_ = 0;
    Clock::time_point start_ = Clock::now();
};

}  // namespace

FloatNetwork run_training(TrainingBatches& batches, const TrainingPlan& plan, const TrainOptions& options,
                          const Progress& progress) {
    const Stoppable training;
    return TrainingLoop(batches, plan, options, progress).run();
}

}  // namespace gruve
