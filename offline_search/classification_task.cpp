#include "offline_search/classification_task.h"

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "datasets/audio_file.h"
#include "engine/clip_decision.h"
#include "offline_search/classifier_training.h"
#include "offline_search/parallel.h"

namespace gruve {
namespace {

/// Half the width of Wilson's 95 % interval for `right` of `n`: sound near 100 % too.
double wilson_half_width(int right, int n) {
    const double z = 1.96, p = static_cast<double>(right) / n, zz = z * z / n;
    return z / (1 + zz) * std::sqrt(p * (1 - p) / n + zz / (4 * n));
}

/// right_in(first, last): how many of these clips are decided rightly.
Score score_clips(const std::vector<Clip>& clips, int jobs, const std::function<int(int first, int last)>& right_in) {
    const int count = static_cast<int>(clips.size());
    const int pieces = std::min(count, 4 * std::max(jobs, 1));
    std::vector<int> right(static_cast<std::size_t>(pieces));
    parallel_for(jobs, pieces, [&](int piece) { right[static_cast<std::size_t>(piece)] = right_in(count * piece / pieces, count * (piece + 1) / pieces); });
    int sum = 0;
    for (int part : right) sum += part;
    long steps = 0;
    for (const Clip& clip : clips) steps += clip.features.cols();
    return {static_cast<double>(sum) / count, wilson_half_width(sum, count), count, steps};
}

void refuse_misfit(const std::string& task, int inputs, int outputs, int features, int labels) {
    if (inputs == features && outputs == labels) return;
    throw DataError("the network doesn't fit the task " + task + ": it has " + std::to_string(inputs) + " inputs and " + std::to_string(outputs) +
                    " outputs, expected " + std::to_string(features) + " and " + std::to_string(labels));
}

}  // namespace

ClassificationTask::ClassificationTask(std::string name, std::unique_ptr<const ClipSource> source, const ClassifierRecipe& recipe)
    : name_(std::move(name)), source_(std::move(source)), recipe_(recipe) {}

FloatNetwork ClassificationTask::train(const TrainOptions& options, const Progress& progress) {
    FloatNetwork network = train_classifier(*source_, recipe_, options, progress);
    network.metadata["labels"] = nlohmann::json(source_->labels()).dump();
    return network;
}

Score ClassificationTask::evaluate(const FloatNetwork& network, Split split, int jobs) {
    const auto& clips = source_->clips(split);
    const int labels = static_cast<int>(source_->labels().size());
    refuse_misfit(name_, network.input_size(), network.output_size(), static_cast<int>(clips.front().features.rows()), labels);
    return score_clips(clips, jobs, [&](int first, int last) {
        int right = 0;
        for (int i = first; i < last; ++i) {
            const auto& clip = clips[static_cast<std::size_t>(i)];
            const Matrix logits = network.forward(clip.features);
            right += decide_clip(std::span(logits.data(), static_cast<std::size_t>(logits.size())), labels) == clip.label;
        }
        return right;
    });
}

Score ClassificationTask::evaluate(const Network& network, Split split, int jobs) {
    const auto& clips = source_->clips(split);
    const int labels = static_cast<int>(source_->labels().size());
    const auto features = static_cast<std::size_t>(clips.front().features.rows());
    refuse_misfit(name_, network.input_size(), network.output_size(), static_cast<int>(features), labels);
    const auto inputs = quantised(split, network.model().input);
    return score_clips(clips, jobs, [&](int first, int last) {
        Network::State state(network);
        std::vector<std::int16_t> logits;
        int right = 0;
        for (int i = first; i < last; ++i) {
            const auto& clip = clips[static_cast<std::size_t>(i)];
            const auto steps = static_cast<std::size_t>(clip.features.cols()), outputs = static_cast<std::size_t>(labels);
            logits.resize(steps * outputs);
            const std::int8_t* x = inputs->values.data() + inputs->begin[static_cast<std::size_t>(i)];
            state.reset();
            for (std::size_t t = 0; t < steps; ++t) {
                network.step(state, std::span(x + t * features, features), std::span(logits).subspan(t * outputs, outputs));
            }
            right += decide_clip(std::span<const std::int16_t>(logits), labels) == clip.label;
        }
        return right;
    });
}

std::shared_ptr<const ClassificationTask::QuantisedSplit> ClassificationTask::quantised(Split split, const InputQuantiser& quantise) {
    constexpr std::size_t most_kept = 16;  // a search meets the 7 widths of the input on one or two splits
    const std::lock_guard lock(mutex_);
    const std::tuple key(split, quantise.bits, quantise.scale, quantise.zero_point);
    if (const auto found = cache_.find(key); found != cache_.end()) return found->second;
    if (cache_.size() >= most_kept) cache_.clear();
    auto made = std::make_shared<QuantisedSplit>();
    for (const Clip& clip : source_->clips(split)) {
        made->begin.push_back(made->values.size());
        for (Eigen::Index i = 0; i < clip.features.size(); ++i) made->values.push_back(quantise(clip.features.data()[i]));
    }
    return cache_[key] = made;
}

std::vector<Matrix> ClassificationTask::calibration(int count) {
    const auto& clips = source_->clips(Split::train);
    const std::size_t wanted = std::min(clips.size(), static_cast<std::size_t>(std::max(count, 0)));
    std::vector<Matrix> chosen;
    for (std::size_t i = 0; i < wanted; ++i) chosen.push_back(clips[i * clips.size() / wanted].features);  // evenly: clips lie word by word
    return chosen;
}

void ClassificationTask::describe(Preset& preset) const {
    preset.task = name_;
    source_->describe(preset);
}

}  // namespace gruve
