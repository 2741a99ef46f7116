// A task: data + features + metric. The search knows nothing else about what it optimises.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "datasets/split.h"
#include "datasets/word_folder.h"
#include "engine/network.h"
#include "engine/preset.h"
#include "offline_search/tuning_goal.h"

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

struct TrainOptions {
    int hidden = 64, layers = 1, epochs = 0;  // 0: the task's default
    std::uint64_t seed = 1;
    int jobs = 2;  // never changes the result
    std::filesystem::path from = {};   // a model that the training starts from, of any width; empty: random weights
    std::filesystem::path state = {};  // where the training keeps its state after each epoch; empty: nowhere
    bool resume = false;          // continue from `state` where it is there
};

/// Called a few times a second with one line of progress; returning false asks for a clean stop.
using Progress = std::function<bool(const std::string& line)>;

class Task {
public:
    virtual ~Task() = default;
    virtual std::string name() const = 0;
    virtual std::string metric() const = 0;  // "accuracy" or "si_sdr_gain_db"
    /// How much of the metric 0.5 points (0.1 dB) is: what "comparable to 8 bit" means.
    virtual double tolerance() const = 0;
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

/// Which words, which other speech and noise a word task takes from `data`. Throws DataError for another task.
struct WordTask {
    std::filesystem::path folder;
    WordFolderOptions options;
};
WordTask word_task(const std::string& task, const std::filesystem::path& data, std::uint64_t seed);

/// task: wake_words, digits (by speaker), digits_by_take, words (any word folder), each also with "_live" (to be heard in streams), row_mnist,
/// sequences (any .npz), denoise, denoise_live. `data` is the folder that --data names; `seed` deals the speakers to the splits.
/// recipe: a JSON file of training settings (denoise_recipe.h, classifier_recipe.h), or empty.
/// Throws DataError where the folder doesn't hold what the task needs.
std::unique_ptr<Task> make_task(const std::string& task, const std::filesystem::path& data, std::uint64_t seed, const std::filesystem::path& recipe = {});

}  // namespace gruve
