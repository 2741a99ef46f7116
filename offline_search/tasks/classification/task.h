// Classification tasks: which of a few classes a sequence belongs to. Live tasks are scored on streams, too.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <tuple>
#include <utility>

#include "offline_search/tasks/classification/clip_source.h"
#include "offline_search/tasks/classification/recipe.h"
#include "offline_search/tasks/task.h"
#include "offline_search/tasks/words/stream_error.h"

namespace gruve {

/// The answer of a network to one clip.
struct Answer {
    bool right = false;
    double doubt = 0;  // 1 − probability of the right label, sharpened
};

class ClassificationTask final : public Task {
public:
    ClassificationTask(std::string name, std::unique_ptr<const ClipSource> source, const ClassifierRecipe& recipe);

    std::string name() const override { return name_; }
    Metric metric() const override { return accuracy; }
    std::vector<std::string> remarks() const override { return source_->remarks(); }
    FloatNetwork train(const TrainOptions&, const Progress&) override;
    Score evaluate(const FloatNetwork&, Split, int jobs) override;
    /// Safe on several threads at the same time.
    Score evaluate(const Network&, Split, int jobs) override;
    bool races() const override { return !live(); }
    /// Orders the validation clips by their share in the errors, so that those come first that tell networks apart.
    void learn_race(const std::vector<Score>&) override;
    /// The errors so far, as if the other clips had none, are a bound that needs no statistics.
    Score race(const Network&, double limit) override;
    /// Scores validation clips (5000 of them at most, evenly spaced) that are altered like training clips, and for live
    /// tasks further streams. This is harder than evaluate(), and uses only speakers that fine-tuning has never heard.
    /// Sources that alter nothing are scored on their training clips.
    Score evaluate_fresh(const Network&, int round, int jobs) override;
    int fresh_rounds() const override;
    Score evaluate_rehearsal(const Network&, int jobs) override;
    std::vector<Matrix> calibration(int count) override;
    std::unique_ptr<TuningGoal> tuning_goal(const FloatNetwork& teacher, std::uint64_t seed, int jobs) override;
    /// The sequences for fine-tuning on clips: `count` (or training_count(), if it is larger) training examples,
    /// altered as in training, and a quarter as many unaltered ones.
    std::vector<Matrix> tuning_sequences(int count, std::uint64_t seed, int jobs);
    void describe(Preset&) const override;
    void choose_detection(Preset& preset, int jobs) const override { source_->choose_detection(preset, jobs); }

private:
    /// All clips of a set, quantised: features × steps each, one clip after another.
    struct QuantisedClips {
        std::vector<std::int8_t> values;
        std::vector<std::size_t> begin;  // index in `values` of each clip
    };
    Score score(const Network&, const std::vector<Clip>&, const QuantisedClips&, int jobs) const;
    /// The answers to some of the clips, `which`, in that order.
    void hear(const Network&, const std::vector<Clip>&, const QuantisedClips&, std::span<const int> which,
              Answer* out) const;
    bool live() const { return source_->streams(Split::train) != nullptr; }
    /// For live tasks only. Draws the streams of a split, or of a round of fresh ones, on the first call.
    const StreamError& stream_error(Split, std::optional<int> round, int jobs);
    /// The altered clips of a round of a split, drawn on the first call.
    const std::vector<Clip>& drawn_clips(Split, int round, int jobs);
    Score evaluate_drawn(const Network&, Split, int round, int jobs);
    std::size_t clips_of_a_round() const;
    static QuantisedClips quantised(const std::vector<Clip>&, const InputQuantiser&);
    std::shared_ptr<const QuantisedClips> quantised(Split, const InputQuantiser&);
    std::vector<Clip> draw(Split, int count, std::uint64_t seed, int jobs) const;
    std::vector<Matrix> draw_stretches(int count) const;

    std::string name_;
    std::unique_ptr<const ClipSource> source_;
    ClassifierRecipe recipe_;
    std::vector<int> race_order_;                               // of the validation clips
    std::mutex mutex_;                                          // guards the members below
    std::map<std::pair<Split, int>, std::vector<Clip>> drawn_;  // by split and round
    std::map<std::pair<Split, std::optional<int>>, StreamError> stream_errors_;
    std::map<std::tuple<Split, std::uint8_t, float, std::int8_t>, std::shared_ptr<const QuantisedClips>> cache_;
};

}  // namespace gruve
