// The training loop of every task: epochs, batches, optimiser, averaging, choosing the best epoch, resuming.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "offline_search/training/adam.h"
#include "offline_search/training/backprop.h"
#include "offline_search/training/train_options.h"

namespace gruve {

/// The batches that a task trains on.
class TrainingBatches {
public:
    virtual ~TrainingBatches() = default;
    /// Hash of the training data, so that a training resumes only on the data that it began with.
    virtual std::uint64_t data_hash() const = 0;
    /// Every setting of the task that changes the result, in words.
    virtual std::string settings() const = 0;
    /// Draws the order of an epoch and its examples. Epochs count from 0 and come in ascending order; a resumed
    /// training begins with a later one, and the draws must be the same as without the interruption.
    virtual void begin_epoch(int epoch) = 0;
    /// Runs shard `shard` (0 … gradient_shards − 1) of batch `step` of the epoch forward and backward. Adds the
    /// gradient of the batch's mean loss to `gradient` and returns the shard's share of that mean. Called from several
    /// threads at once.
    virtual double shard_loss(int step, int shard, Backprop& backprop, FloatNetwork& gradient) const = 0;
};

/// The score of a network on development data. Higher is better.
struct Development {
    double value = 0;
    std::string text;  // for people: "SI-SDR +6.12 dB, STOI +0.0431"
};

struct TrainingPlan {
    FloatNetwork network;  // the weights to start from
    int epochs = 1, steps_per_epoch = 1;
    AdamOptions adam = {};     // run_training() sets `steps`
    float average_epochs = 0;  // weights are averaged over this many epochs; 0: no averaging
    /// Optional. Scores the (averaged) network up to about thirty times, the last time after the last epoch.
    std::function<Development(const FloatNetwork&)> develop = {};
};

/// Returns the network with the best development score, or the last one (averaged if the plan says so) if there is no
/// score. Same seed, same bits, for any options.jobs. Saves the state to options.state after every epoch. With
/// options.resume it continues from that state to the same network; throws DataError if the state is damaged or belongs
/// to another training. If `progress`, which may be empty, returns false, training stops: with a development score
/// after the current step, otherwise after the current epoch. On Ctrl-C (interrupt.h) it stops within a step, while
/// examples are drawn or while the development score is measured; before the first epoch it throws Interrupted. A
/// network that was stopped early says in metadata["stopped"], for people, after how many epochs that was and which
/// weights it has. Stopped within the first epoch it has the weights to start from, and metadata["learnt"] is "no".
/// Lines about a step: see step_line.h.
FloatNetwork run_training(TrainingBatches& batches, const TrainingPlan& plan, const TrainOptions& options,
                          const Progress& progress);

}  // namespace gruve
