// The interface of a task: data, features and metric. A search knows nothing else about the networks that it optimises.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "datasets/layouts/split.h"
#include "engine/kernels/network.h"
#include "engine/preset/metric.h"
#include "engine/preset/preset.h"
#include "offline_search/training/train_options.h"
#include "offline_search/training/tuning_goal.h"

namespace gruve {

struct Score {
    double value = 0;  // in the task's metric: accuracy 0 … 1, or SI-SDR gain in dB; higher is better
    double ci95 = 0;   // half width of the 95 % interval of `value`
    int n = 0;         // clips
    long steps = 0;    // of the network, in all clips together
    /// The objective of a search, lower is better: a smooth quantity in the unit of the metric. For dB it is −value;
    /// for accuracy it is the expected share of wrong answers if each were drawn with the network's own (sharpened)
    /// probabilities. A few hundred clips that nearly all genomes get right can tell genomes apart only by a smooth
    /// quantity.
    double error = 0;
    /// The errors of the clips; `error` is their mean (plus the error on streams, for live tasks). Clips of one unit
    /// aren't independent. A unit is a speaker if the split is by speaker.
    struct Part {
        double error = 0;
        int unit = 0;
        double value = 0;  // its share of `value`, which is their mean
    };
    std::vector<Part> parts = {};
    /// In Task::shown_metric(), for people to read beside `value`. Not set where that is metric() itself.
    struct Shown {
        double value = 0, ci95 = 0;
    };
    std::optional<Shown> shown = {};
    bool whole = true;  // false: of a race() that stopped; only `error` is set, to a lower bound of the error
};

class Task {
public:
    virtual ~Task() = default;
    virtual std::string name() const = 0;
    /// The metric of Score::value, and the loss against 8 bit that still counts as comparable.
    virtual Metric metric() const = 0;
    /// The metric of Score::shown, which presets are labelled with: one that users know from other presets, where
    /// metric() is one to choose by.
    virtual Metric shown_metric() const { return metric(); }
    /// Remarks about the data for people: which files were left out, and why.
    virtual std::vector<std::string> remarks() const { return {}; }
    /// Trains a float network. Same seed, same bits, for any jobs.
    virtual FloatNetwork train(const TrainOptions&, const Progress&) = 0;
    /// Scores a float network. Same result for any jobs. Throws DataError if the network doesn't fit.
    virtual Score evaluate(const FloatNetwork&, Split, int jobs) = 0;
    /// The same with the integer engine. Safe on several threads at the same time.
    virtual Score evaluate(const Network&, Split, int jobs) = 0;
    /// Whether a part of the validation split can tell that a network is bad: whether race() may stop early.
    virtual bool races() const { return false; }
    /// Prepares race() by scores of the validation split, of networks like those that will race. Not while another
    /// thread races.
    virtual void learn_race(const std::vector<Score>&) {}
    /// Scores the network on the validation split as evaluate() does, but may stop once its error must be above `limit`
    /// (Score::whole). Only after learn_race(). Safe on several threads at the same time.
    virtual Score race(const Network& network, double /*limit*/) { return evaluate(network, Split::validation, 1); }
    /// Up to `count` training sequences (features × steps), for ranges and Hessians. The same ones every time.
    virtual std::vector<Matrix> calibration(int count) = 0;
    /// A test of validation speakers that a search hasn't scored: the validation clips, altered as in training;
    /// otherwise the training clips. Each round alters the same clips anew; the parts of all rounds have the same units
    /// in the same order. round: 0 … fresh_rounds() − 1. Same clips for the same round, for any jobs.
    virtual Score evaluate_fresh(const Network& network, int /*round*/, int jobs) {
        return evaluate(network, Split::train, jobs);
    }
    /// A look that may order candidates before they are tested on fresh material, of which it must hear nothing:
    /// training clips, altered as in training; otherwise the validation clips.
    virtual Score evaluate_rehearsal(const Network& network, int jobs) {
        return evaluate(network, Split::validation, jobs);
    }
    /// The most rounds that evaluate_fresh() draws.
    virtual int fresh_rounds() const { return 1; }
    /// evaluate_fresh() may lose this many times as much as evaluate(). Altered clips have noise down to 0 dB SNR,
    /// where a low bit width costs several times as much as on the recordings themselves.
    virtual double fresh_tolerances() const { return 4; }
    /// The loss of fine-tuning, on training sequences that are altered as in training if the task does that: the
    /// distance to the outputs of `teacher`, or a loss of the task's own. Same seed, same goal, for any jobs. The
    /// teacher and this task must outlive the goal.
    virtual std::unique_ptr<TuningGoal> tuning_goal(const FloatNetwork& teacher, std::uint64_t seed, int jobs) = 0;
    /// Fills kind, task, labels, rate, front end, first stage and detection of a preset.
    virtual void describe(Preset&) const = 0;
    /// Bytes of a preset's parameters that no genome changes: those of a first stage.
    virtual std::size_t fixed_bytes() const { return 0; }
    /// For tasks with streams: chooses on the validation streams how the outputs of the finished model become
    /// detections. Same result for any jobs.
    virtual void choose_detection(Preset&, int /*jobs*/) const {}
};

}  // namespace gruve
