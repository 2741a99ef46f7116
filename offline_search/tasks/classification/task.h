// Classification tasks: which of a few classes a sequence belongs to. Live tasks are scored on streams, too.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <tuple>

#include "offline_search/tasks/classification/clip_source.h"
#include "offline_search/tasks/classification/recipe.h"
#include "offline_search/tasks/task.h"
#include "offline_search/tasks/words/stream_error.h"

namespace gruve {

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
    /// Scores 4000 validation clips that are altered like training clips, and for live tasks more streams. This is
    /// harder than evaluate(), has more clips than any split, and uses only speakers that fine-tuning has never heard.
    Score evaluate_altered(const Network&, int jobs) override;
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
    /// The sets that can score a network: the three splits, and altered validation clips.
    enum class Set : std::uint8_t { train, validation, test, altered };
    static Set set_of(Split);
    const std::vector<Clip>& clips_of(Set);
    Score score(const Network&, Set, int jobs);
    bool live() const { return source_->streams(Split::train) != nullptr; }
    /// For live tasks only. Draws the streams of a set on the first call.
    const StreamError& stream_error(Set, int jobs);
    std::shared_ptr<const QuantisedClips> quantised(Set, const InputQuantiser&);
    std::vector<Clip> draw(Split, int count, std::uint64_t seed, int jobs) const;
    std::vector<Matrix> draw_stretches(int count) const;

    std::string name_;
    std::unique_ptr<const ClipSource> source_;
    ClassifierRecipe recipe_;
    std::mutex mutex_;  // guards the members below
    std::vector<Clip> altered_;
    std::map<Set, StreamError> stream_errors_;
    std::map<std::tuple<Set, std::uint8_t, float, std::int8_t>, std::shared_ptr<const QuantisedClips>> cache_;
};

}  // namespace gruve
