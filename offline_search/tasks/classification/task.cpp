#include "offline_search/tasks/classification/task.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <numeric>

#include "datasets/support/parallel.h"
#include "datasets/support/random.h"
#include "engine/streaming/clip_decision.h"
#include "offline_search/tasks/classification/distillation.h"
#include "offline_search/tasks/classification/training.h"
#include "offline_search/tasks/intervals.h"
#include "offline_search/tasks/refuse_misfit.h"
#include "offline_search/tasks/run_sequences.h"
#include "offline_search/tasks/words/drawn_streams.h"

namespace gruve {
namespace {

/// Rounds of altered clips: so many clips a round at most, and in all rounds together. Beyond 32 altered copies of each
/// clip, only more clips would tell more.
constexpr std::size_t most_clips_of_a_round = 5000, most_fresh_clips = 16000, most_rounds = 32, least_rounds = 2;
constexpr int rehearsal_clips = 2000;
constexpr std::uint64_t fresh_seed = 0xa17e2ed;
/// Chains of stretches that score a live task, on a split and in a round of fresh ones.
constexpr int judged_chains = 25, fresh_chains = 12;
constexpr std::uint64_t stream_seed = 0x57e4;
/// With fewer sequences, fine-tuning overfits.
constexpr int least_tuning_sequences = 16000;
constexpr int tuning_stretches = 2400;     // a pass; every pass draws new ones
constexpr int clips_beside_a_stretch = 4;  // in calibration: about the same number of steps of both

/// Logits are sharpened ×3, so that confident clips hardly count and borderline ones dominate. (Quantised networks are
/// more or less confident than float ones about clips that both know well.)
constexpr double sharpness = 3;

/// logits: steps × labels, step after step; `scale` converts them to real numbers.
template <typename Logit>
Answer answer(std::span<const Logit> logits, int labels, int label, double scale) {
    const auto width = static_cast<std::size_t>(labels), steps = logits.size() / width;
    const int deciding = decision_steps(static_cast<int>(steps));
    std::vector<double> mean(width);
    for (std::size_t t = steps - static_cast<std::size_t>(deciding); t < steps; ++t)
        for (std::size_t i = 0; i < width; ++i)
            mean[i] += static_cast<double>(logits[t * width + i]) * scale * sharpness / deciding;
    const double largest = *std::max_element(mean.begin(), mean.end());
    double sum = 0;
    for (const double m : mean) sum += std::exp(m - largest);
    return {decide_clip(logits, labels) == label, 1 - std::exp(mean[static_cast<std::size_t>(label)] - largest) / sum};
}

Score score_of(const std::vector<Clip>& clips, const std::vector<Answer>& answers) {
    const int count = static_cast<int>(clips.size());
    Score score;
    int right = 0;
    for (const Answer& one : answers) {
        right += one.right;
        score.error += one.doubt / count;
    }
    for (std::size_t i = 0; i < answers.size(); ++i)
        score.parts.push_back({answers[i].doubt, clips[i].unit >= 0 ? clips[i].unit : static_cast<int>(i),
                               static_cast<double>(answers[i].right)});
    for (const Clip& clip : clips) score.steps += static_cast<long>(clip.features.cols());
    score.value = static_cast<double>(right) / count;
    const Interval interval = wilson_interval(right, count);
    score.ci95 = (interval.high - interval.low) / 2;
    score.n = count;
    return score;
}

/// answers(first, last, out) writes the answers to the clips first … last − 1. The sums don't depend on `jobs`.
Score score_clips(const std::vector<Clip>& clips, int jobs,
                  const std::function<void(int first, int last, Answer* out)>& answers) {
    const int count = static_cast<int>(clips.size());
    const int pieces = std::min(count, 4 * std::max(jobs, 1));
    std::vector<Answer> all(clips.size());
    parallel_for(jobs, pieces, [&](int piece) {
        answers(count * piece / pieces, count * (piece + 1) / pieces, all.data() + count * piece / pieces);
    });
    return score_of(clips, all);
}

}  // namespace

ClassificationTask::ClassificationTask(std::string name, std::unique_ptr<const ClipSource> source,
                                       const ClassifierRecipe& recipe)
    : name_(std::move(name)), source_(std::move(source)), recipe_(recipe) {}

FloatNetwork ClassificationTask::train(const TrainOptions& options, const Progress& progress) {
    FloatNetwork network = train_classifier(*source_, recipe_, options, progress);
    network.metadata["labels"] = nlohmann::json(source_->labels()).dump();
    return network;
}

Score ClassificationTask::evaluate(const FloatNetwork& network, Split split, int jobs) {
    const auto& clips = source_->clips(split);
    const int labels = static_cast<int>(source_->labels().size());
    refuse_misfit(name_, network, {static_cast<int>(clips.front().features.rows()), labels});
    Score score = score_clips(clips, jobs, [&](int first, int last, Answer* out) {
        for (int i = first; i < last; ++i) {
            const auto& clip = clips[static_cast<std::size_t>(i)];
            const Matrix logits = network.forward(clip.features);
            *out++ = answer(std::span<const float>(logits.data(), static_cast<std::size_t>(logits.size())), labels,
                            clip.label, 1);
        }
    });
    if (live()) score.error += stream_error(split, std::nullopt, jobs)(network, jobs);
    return score;
}

Score ClassificationTask::evaluate(const Network& network, Split split, int jobs) {
    const auto& clips = source_->clips(split);
    refuse_misfit(name_, network,
                  {static_cast<int>(clips.front().features.rows()), static_cast<int>(source_->labels().size())});
    Score made = score(network, clips, *quantised(split, network.model().input), jobs);
    if (live()) made.error += stream_error(split, std::nullopt, jobs)(network, jobs);
    return made;
}

std::size_t ClassificationTask::clips_of_a_round() const {
    return std::min(source_->count(Split::validation), most_clips_of_a_round);
}

int ClassificationTask::fresh_rounds() const {
    if (!source_->alters()) return 1;
    return static_cast<int>(std::clamp(most_fresh_clips / clips_of_a_round(), least_rounds, most_rounds));
}

const std::vector<Clip>& ClassificationTask::drawn_clips(Split split, int round, int jobs) {
    const std::lock_guard lock(mutex_);
    std::vector<Clip>& clips = drawn_[{split, round}];
    if (clips.empty())
        clips = draw(split, split == Split::train ? rehearsal_clips : static_cast<int>(clips_of_a_round()),
                     hash_of("round " + std::to_string(round), fresh_seed), jobs);
    return clips;
}

Score ClassificationTask::evaluate_drawn(const Network& network, Split split, int round, int jobs) {
    const auto& clips = drawn_clips(split, round, jobs);
    refuse_misfit(name_, network,
                  {static_cast<int>(clips.front().features.rows()), static_cast<int>(source_->labels().size())});
    Score made = score(network, clips, quantised(clips, network.model().input), jobs);
    if (live()) made.error += stream_error(split, round, jobs)(network, jobs);
    return made;
}

Score ClassificationTask::evaluate_fresh(const Network& network, int round, int jobs) {
    return source_->alters() ? evaluate_drawn(network, Split::validation, round, jobs)
                             : evaluate(network, Split::train, jobs);
}

Score ClassificationTask::evaluate_rehearsal(const Network& network, int jobs) {
    return source_->alters() ? evaluate_drawn(network, Split::train, 0, jobs)
                             : evaluate(network, Split::validation, jobs);
}

void ClassificationTask::hear(const Network& network, const std::vector<Clip>& clips, const QuantisedClips& inputs,
                              std::span<const int> which, Answer* out) const {
    const int labels = static_cast<int>(source_->labels().size());
    std::vector<IntegerSequence> sequences;
    std::vector<std::vector<std::int16_t>> logits;  // of all steps; only the deciding ones are filled in
    for (const int i : which) {
        const int steps = static_cast<int>(clips[static_cast<std::size_t>(i)].features.cols());
        sequences.push_back(
            {inputs.values.data() + inputs.begin[static_cast<std::size_t>(i)], steps, decision_steps(steps)});
        logits.emplace_back(static_cast<std::size_t>(steps * labels));
    }
    run_sequences(network, sequences, [&](int k, int step, std::span<const std::int16_t> y) {
        std::copy(y.begin(), y.end(),
                  logits[static_cast<std::size_t>(k)].begin() + static_cast<std::ptrdiff_t>(step) * labels);
    });
    for (std::size_t k = 0; k < which.size(); ++k)
        *out++ =
            answer(std::span<const std::int16_t>(logits[k]), labels, clips[static_cast<std::size_t>(which[k])].label,
                   static_cast<double>(network.model().output_scale));
}

Score ClassificationTask::score(const Network& network, const std::vector<Clip>& clips, const QuantisedClips& inputs,
                                int jobs) const {
    return score_clips(clips, jobs, [&](int first, int last, Answer* out) {
        std::vector<int> which(static_cast<std::size_t>(last - first));
        std::iota(which.begin(), which.end(), first);
        hear(network, clips, inputs, which, out);
    });
}

void ClassificationTask::learn_race(const std::vector<Score>& whole) {
    // Each network's errors count by their share, so that a network which is wrong everywhere doesn't decide.
    std::vector<double> share(source_->clips(Split::validation).size());
    for (const Score& score : whole)
        for (std::size_t i = 0; i < share.size(); ++i)
            share[i] += score.error > 0 ? score.parts.at(i).error / score.error : 0;
    race_order_.resize(share.size());
    std::iota(race_order_.begin(), race_order_.end(), 0);
    std::ranges::stable_sort(race_order_, std::greater{}, [&](int i) { return share[static_cast<std::size_t>(i)]; });
}

Score ClassificationTask::race(const Network& network, double limit) {
    constexpr std::size_t stretch = 16;    // clips between two looks
    constexpr double rounding = 1 - 1e-9;  // the sum of evaluate() has another order
    const auto& clips = source_->clips(Split::validation);
    const auto inputs = quantised(Split::validation, network.model().input);
    std::vector<Answer> all(clips.size()), some(stretch);
    double error = 0;
    for (std::size_t first = 0; first < clips.size(); first += stretch) {
        const auto which = std::span(race_order_).subspan(first, std::min(stretch, clips.size() - first));
        hear(network, clips, *inputs, which, some.data());
        for (std::size_t k = 0; k < which.size(); ++k) {
            all[static_cast<std::size_t>(which[k])] = some[k];
            error += some[k].doubt / static_cast<double>(clips.size()) * rounding;
        }
        if (error > limit) return {.error = error, .whole = false};
    }
    return score_of(clips, all);
}

const StreamError& ClassificationTask::stream_error(Split split, std::optional<int> round, int jobs) {
    const std::lock_guard lock(mutex_);
    const auto found = stream_errors_.find({split, round});
    if (found != stream_errors_.end()) return found->second;
    Preset preset;
    source_->describe(preset);
    StreamError made(*source_->streams(split), preset.labels,
                     std::round(static_cast<double>(preset.log_mel.hop_s) * preset.rate_hz) / preset.rate_hz,
                     round ? fresh_chains : judged_chains,
                     round ? hash_of("fresh " + std::to_string(*round), stream_seed) : stream_seed, jobs);
    return stream_errors_.emplace(std::pair(split, round), std::move(made)).first->second;
}

ClassificationTask::QuantisedClips ClassificationTask::quantised(const std::vector<Clip>& clips,
                                                                 const InputQuantiser& quantise) {
    QuantisedClips made;
    for (const Clip& clip : clips) {
        made.begin.push_back(made.values.size());
        for (Eigen::Index i = 0; i < clip.features.size(); ++i)
            made.values.push_back(quantise(clip.features.data()[i]));
    }
    return made;
}

std::shared_ptr<const ClassificationTask::QuantisedClips> ClassificationTask::quantised(
    Split split, const InputQuantiser& quantise) {
    constexpr std::size_t most_kept = 16;  // a search uses 7 input widths on one or two splits
    const std::lock_guard lock(mutex_);
    const std::tuple key(split, quantise.bits, quantise.scale, quantise.zero_point);
    if (const auto found = cache_.find(key); found != cache_.end()) return found->second;
    if (cache_.size() >= most_kept) cache_.clear();
    return cache_[key] = std::make_shared<const QuantisedClips>(quantised(source_->clips(split), quantise));
}

std::vector<Matrix> ClassificationTask::calibration(int count) {
    const std::size_t all = source_->count(Split::train);
    const std::size_t wanted = std::min(all, static_cast<std::size_t>(std::max(count, 0)));
    std::vector<Matrix> chosen;
    for (std::size_t i = 0; i < wanted; ++i)
        chosen.push_back(source_->clip(Split::train, i * all / wanted).features);  // evenly spaced: sorted by word
    for (Matrix& stretch : draw_stretches(static_cast<int>(wanted) / clips_beside_a_stretch))
        chosen.push_back(std::move(stretch));
    return chosen;
}

/// Stretches of the training split; none if the task isn't live.
std::vector<Matrix> ClassificationTask::draw_stretches(int count) const {
    if (!live()) return {};
    std::vector<Matrix> stretches(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        std::mt19937_64 random(hash_of("stretch " + std::to_string(i), stream_seed + 1));
        stretches[static_cast<std::size_t>(i)] = source_->streams(Split::train)->draw(random).features;
    }
    return stretches;
}

/// `count` examples of a split: evenly spaced ones if there are more, each several times if there are fewer.
std::vector<Clip> ClassificationTask::draw(Split split, int count, std::uint64_t seed, int jobs) const {
    const auto all =
        split == Split::train ? static_cast<std::size_t>(source_->training_count()) : source_->clips(split).size();
    std::vector<Clip> clips(static_cast<std::size_t>(count));
    parallel_for(jobs, count, [&](int i) {
        const auto k = static_cast<std::size_t>(i);
        std::mt19937_64 random(hash_of(std::to_string(i), seed));
        const std::size_t drawn = clips.size() < all ? k * all / clips.size() : k % all;
        clips[k] = source_->draw(split, static_cast<int>(drawn), random);
        if (split == Split::train) return;
        const int unit = source_->clips(split)[drawn].unit;
        clips[k].unit = unit >= 0 ? unit : static_cast<int>(drawn);
    });
    return clips;
}

std::vector<Matrix> ClassificationTask::tuning_sequences(int count, std::uint64_t seed, int jobs) {
    std::vector<Matrix> sequences;
    for (Clip& clip : draw(Split::train, std::max(count, source_->training_count()), seed, jobs))
        sequences.push_back(std::move(clip.features));
    // Unaltered clips, too, because the splits are scored with them: silence between the words, no noise.
    const std::size_t clean = std::min(source_->count(Split::train), sequences.size() / 4);
    const Eigen::Index steps = source_->training_steps();
    for (Matrix& features : calibration(static_cast<int>(clean))) {
        if (features.cols() > steps) features = features.middleCols((features.cols() - steps) / 2, steps).eval();
        sequences.push_back(std::move(features));
    }
    return sequences;
}

std::unique_ptr<TuningGoal> ClassificationTask::tuning_goal(const FloatNetwork& teacher, std::uint64_t seed, int jobs) {
    if (live()) {
        const auto draw = [streams = source_->streams(Split::train)](std::mt19937_64& random) {
            return streams->draw(random).features;
        };
        return std::make_unique<StreamDistillation>(teacher, draw, hash_of("fine-tune", seed), tuning_stretches,
                                                    recipe_.streams);
    }
    return std::make_unique<Distillation>(teacher, tuning_sequences(least_tuning_sequences, seed, jobs), jobs);
}

void ClassificationTask::describe(Preset& preset) const {
    preset.task = name_;
    source_->describe(preset);
}

}  // namespace gruve
