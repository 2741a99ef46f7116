// A task: data + features + metric. The search knows nothing else about what it optimises.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "datasets/layouts/split.h"
#include "engine/kernels/network.h"
#include "engine/preset/metric.h"
#include "engine/preset/preset.h"
#include "offline_search/training/train_options.h"
#include "offline_search/training/tuning_goal.h"

namespace gruve {

/// value: higher is better (accuracy 0..1, or SI-SDR gain in dB); ci95: half width; n: clips; steps: of the network, in all.
/// error: what the search makes small, in the metric's own unit but smooth: −dB, or the expected share of wrong answers if each were
/// drawn with the network's own (sharpened) probabilities. A few hundred clips that are all right or nearly so tell genomes apart only by it.
struct Score {
    double value = 0, ci95 = 0;
    int n = 0;
    long steps = 0;
    double error = 0;
    /// The clips' errors, whose mean `error` is (of live tasks: their clips' share of it). Clips of one unit, a speaker where the split is by
    /// speaker, aren't independent.
    struct Part {
        double error = 0;
        int unit = 0;
    };
    std::vector<Part> parts = {};
};

class Task {
public:
    virtual ~Task() = default;
    virtual std::string name() const = 0;
    /// What scores are measured in, and how much worse than 8 bit still counts as comparable.
    virtual Metric metric() const = 0;
    /// What a person should know of the data that was read: files that were left out, and why.
    virtual std::vector<std::string> remarks() const { return {}; }
    /// Same seed, same result, for any jobs.
    virtual FloatNetwork train(const TrainOptions&, const Progress&) = 0;
    virtual Score evaluate(const FloatNetwork&, Split, int jobs) = 0;
    /// Runs the integer engine. Same result for any jobs.
    virtual Score evaluate(const Network&, Split, int jobs) = 0;
    /// Up to `count` training sequences (features × steps) for ranges and Hessians; deterministic.
    virtual std::vector<Matrix> calibration(int count) = 0;
    /// A harder look than the validation clips: the same, altered as in training where the task does that, else the training clips.
    virtual Score evaluate_altered(const Network& network, int jobs) { return evaluate(network, Split::train, jobs); }
    /// evaluate_altered() may lose altered_tolerances() times as much as evaluate(): clips lie under noise of down to 0 dB there, where few
    /// bits cost several times as much as on recordings as they are.
    virtual double altered_tolerances() const { return 4; }
    /// What fine-tuning descends: on training sequences, altered as in training where the task does that, the outputs of `teacher` or a loss of the
    /// task's own. Deterministic; same for any jobs.
    virtual std::unique_ptr<TuningGoal> tuning_goal(const FloatNetwork& teacher, std::uint64_t seed, int jobs) = 0;
    /// Fills kind, task, labels, rate, front end and detection of a preset.
    virtual void describe(Preset&) const = 0;
    /// Where the task has streams: sets how the finished model's outputs become detections, by the validation streams. Same result
    /// for any jobs.
    virtual void choose_detection(Preset&, int /*jobs*/) const {}
};

}  // namespace gruve
