#include "offline_search/tasks/denoising/task.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <mutex>
#include <optional>
#include <span>
#include <utility>

#include "datasets/layouts/denoise_layouts.h"
#include "datasets/support/data_error.h"
#include "datasets/support/parallel.h"
#include "datasets/support/random.h"
#include "offline_search/tasks/denoising/goal.h"
#include "offline_search/tasks/denoising/judge.h"
#include "offline_search/tasks/denoising/measures/metrics.h"
#include "offline_search/tasks/denoising/race_plan.h"
#include "offline_search/tasks/refuse_misfit.h"

namespace gruve {
namespace {

constexpr double judged_seconds = 3.0;
constexpr int development_mixtures = 96;  // a search scores every genome on them; 32 could not resolve 0.1 dB
/// Further mixtures of the validation split, which a search has not used: low bit widths can fit the development
/// mixtures by luck. On 192 the bound of a loss of 0.04 heard points was above the tolerance of 0.2.
constexpr int fresh_mixtures = 768;
constexpr int test_mixtures = 96;
constexpr int tuning_mixtures = 1200;  // a pass; every pass draws new ones
constexpr std::uint64_t calibration_seed = 0x9ca11b7a7e;

DenoiserConfig config_named(const std::string& task) {
    return task == denoise_live_name ? live_denoiser() : quality_denoiser();
}

class DenoiseTask final : public Task {
public:
    DenoiseTask(NoisySpeech data, const DenoiseRecipe& recipe, RankBy rank)
        : data_(std::move(data)), recipe_(recipe), hears_(rank == RankBy::heard) {}

    std::string name() const override {
        return recipe_.config.latency_s == live_denoiser().latency_s ? denoise_live_name : denoise_name;
    }
    Metric metric() const override { return hears_ ? heard_gain : si_sdr_gain; }
    Metric shown_metric() const override { return si_sdr_gain; }
    std::vector<std::string> remarks() const override { return data_.left_out; }

    FloatNetwork train(const TrainOptions& options, const Progress& progress) override {
        const auto develop = [&](const FloatNetwork& network) { return development(network, options.jobs); };
        FloatNetwork network = train_denoiser(data_, recipe_, options, develop, progress);
        network.metadata["task"] = name();
        if (const int every = recipe_.config.net_every; every != config_named(name()).net_every)
            network.metadata["net_every"] = std::to_string(every);
        if (const int ahead = recipe_.config.look_ahead; ahead != 0)
            network.metadata["look_ahead"] = std::to_string(ahead);
        if (recipe_.config.each_frame) network.metadata["each_frame"] = "1";
        if (recipe_.first) network.metadata["first_stage"] = recipe_.first->mark;
        network.metadata["seed"] = std::to_string(options.seed);
        if (network.metadata.contains("stopped")) return network;  // nobody waits for a score
        network.metadata["development"] = "development: " + development(network, options.jobs).text;
        return network;
    }

    Score evaluate(const FloatNetwork& network, Split split, int jobs) override {
        return score(judge(split, jobs), network, jobs);
    }
    Score evaluate(const Network& network, Split split, int jobs) override {
        return score(judge(split, jobs), network, jobs);
    }

    bool races() const override { return true; }
    void learn_race(const std::vector<Score>& whole) override { race_.emplace(whole, metric().tolerance); }
    Score race(const Network& network, double limit) override {
        constexpr std::size_t together = 8;  // mixtures between two looks: as many as run through a network together
        const DenoiseJudge& mixtures = judge(Split::validation, 1);
        const std::span<const int> order = race_->order();
        std::vector<Judgement> judged(order.size());
        std::vector<double> errors;
        while (errors.size() < order.size()) {
            const auto which = order.subspan(errors.size(), std::min(together, order.size() - errors.size()));
            for (const Judgement& j : mixtures.judge(network, which)) {
                judged[static_cast<std::size_t>(order[errors.size()])] = j;
                errors.push_back(-gain_of(j));
            }
            if (errors.size() == order.size()) break;
            if (const double bound = race_->bound(errors); bound > limit) return {.error = bound, .whole = false};
        }
        return score_of(mixtures, judged);
    }

    double fresh_tolerances() const override { return 1; }
    Score evaluate_fresh(const Network& network, int, int jobs) override {
        std::call_once(fresh_once_, [&] {
            fresh_ = std::make_unique<DenoiseJudge>(data_, recipe_.config, recipe_.first.get(), Split::validation,
                                                    fresh_mixtures, judged_seconds, jobs, development_mixtures, hears_);
        });
        return score(*fresh_, network, jobs);
    }

    Score evaluate_rehearsal(const Network& network, int jobs) override {
        return score(judge(Split::train, jobs), network, jobs);
    }

    std::vector<Matrix> calibration(int count) override {
        std::vector<Matrix> sequences(static_cast<std::size_t>(count));
        parallel_for(2, count, [&](int i) {
            FrameMaker maker(recipe_.config, recipe_.first.get(), data_.rate_hz);
            sequences[static_cast<std::size_t>(i)] =
                training_example(data_, recipe_, maker, calibration_seed, static_cast<std::uint64_t>(i))
                    .frames.features;
        });
        return sequences;
    }

    std::unique_ptr<TuningGoal> tuning_goal(const FloatNetwork& teacher, std::uint64_t seed, int) override {
        return std::make_unique<DenoiseGoal>(data_, recipe_, hash_of("fine-tune", seed), tuning_mixtures, &teacher);
    }

    void describe(Preset& preset) const override {
        preset.kind = TaskKind::denoise;
        preset.task = name();
        preset.rate_hz = data_.rate_hz;
        preset.denoiser = recipe_.config;
        if (recipe_.first) preset.before = {recipe_.first->preset};
    }
    std::size_t fixed_bytes() const override { return recipe_.first ? parameter_bytes(recipe_.first->preset) : 0; }

private:
    const DenoiseJudge& judge(Split split, int jobs) {
        const std::lock_guard lock(mutex_);
        auto& judge = judges_[static_cast<std::size_t>(split)];
        if (!judge) {
            const int count = split == Split::test ? test_mixtures : development_mixtures;
            judge = std::make_unique<DenoiseJudge>(data_, recipe_.config, recipe_.first.get(), split, count,
                                                   judged_seconds, jobs, 0, hears_);
        }
        return *judge;
    }

    template <typename AnyNetwork>
    Score score(const DenoiseJudge& mixtures, const AnyNetwork& network, int jobs) {
        refuse_misfit(name(), network, {recipe_.config.features(), recipe_.config.outputs()});
        return score_of(mixtures, mixtures.judge(network, jobs));
    }

    /// What networks are ranked by.
    double gain_of(const Judgement& j) const { return hears_ ? j.heard_gain : j.si_sdr_gain_db; }

    /// judged: all mixtures.
    Score score_of(const DenoiseJudge& mixtures, const std::vector<Judgement>& judged) const {
        std::vector<double> gains, si_sdr;
        for (const Judgement& j : judged) gains.push_back(gain_of(j)), si_sdr.push_back(j.si_sdr_gain_db);
        const MeanInterval mean = mean_interval(gains);
        Score made{mean.mean, mean.ci95, mean.n, mixtures.steps(), -mean.mean};
        for (std::size_t i = 0; i < gains.size(); ++i) made.parts.push_back({-gains[i], static_cast<int>(i), gains[i]});
        if (const MeanInterval beside = mean_interval(si_sdr); hears_) made.shown = {beside.mean, beside.ci95};
        return made;
    }

    /// A recipe with a loss of what is heard is judged by its loss, the others by SI-SDR.
    Development development(const FloatNetwork& network, int jobs) {
        const DenoiseLossWeights& weights = recipe_.loss;
        const bool as_heard = weights.spectrum + weights.quality > 0;
        const Listening listening{{.reduction_limit_db = recipe_.reduction_limit_db}, true, as_heard, as_heard};
        std::vector<double> si_sdr, intelligibility, spectral, disturbance;
        for (const Judgement& j : judge(Split::validation, jobs).judge(network, jobs, listening)) {
            si_sdr.push_back(j.si_sdr_gain_db);
            intelligibility.push_back(j.stoi_gain);
            spectral.push_back(j.spectral_loss);
            disturbance.push_back(j.disturbance);
        }
        const double gain = mean_interval(si_sdr).mean, stoi_gain = mean_interval(intelligibility).mean,
                     distance = mean_interval(spectral).mean, disturbed = mean_interval(disturbance).mean;
        char text[120];
        std::snprintf(text, sizeof text, "SI-SDR %+.2f dB, STOI %+.4f", gain, stoi_gain);
        if (!as_heard) return {gain, text};
        std::snprintf(text, sizeof text, "SI-SDR %+.2f dB, STOI %+.4f, spectral distance %.4f, disturbance %.3f", gain,
                      stoi_gain, distance, disturbed);
        return {weights.snr * gain + weights.intelligibility * stoi_gain - weights.spectrum * distance -
                    weights.quality * disturbed,
                text};
    }

    NoisySpeech data_;
    DenoiseRecipe recipe_;
    bool hears_;
    std::optional<RacePlan> race_;
    std::mutex mutex_;
    std::array<std::unique_ptr<DenoiseJudge>, 3> judges_;
    std::once_flag fresh_once_;
    std::unique_ptr<DenoiseJudge> fresh_;
};

}  // namespace

DenoiserConfig quality_denoiser() {
    DenoiserConfig config;
    config.floor_s = 2.0f;
    config.periodicity = true;
    config.comb = true;
    config.net_every = 1;
    return config;
}

DenoiserConfig live_denoiser() {
    DenoiserConfig config = quality_denoiser();
    config.latency_s = 0.005f;
    config.net_every = 2;
    return config;
}

std::unique_ptr<Task> make_denoise_task(const DataOptions& data, std::uint64_t seed, const DenoiserConfig& config,
                                        const std::filesystem::path& recipe_file,
                                        const std::filesystem::path& first_stage, RankBy rank) {
    DenoiseRecipe recipe;
    recipe.config = config;
    if (!recipe_file.empty()) recipe = read_denoise_recipe(recipe_file, recipe);
    if (!first_stage.empty()) recipe.first = read_first_stage(first_stage, config);
    return make_denoise_task(read_denoise_data(data, 16000, seed), recipe, rank);
}

std::unique_ptr<Task> make_denoise_task(NoisySpeech data, const DenoiseRecipe& recipe, RankBy rank) {
    return std::make_unique<DenoiseTask>(std::move(data), recipe, rank);
}

void refuse_first_stage(const FloatNetwork& network, const std::string& file) {
    if (const auto first = network.metadata.find("first_stage"); first != network.metadata.end())
        throw DataError(file + ": the network hears what another preset leaves (" + first->second +
                        "); gruve export --float makes a preset of both");
}

DenoiserConfig denoiser_config_of(const FloatNetwork& network) {
    const auto task = network.metadata.find("task");
    DenoiserConfig config = config_named(task == network.metadata.end() ? denoise_name : task->second);
    const auto read = [&](const std::string& member, int least, int most, std::int32_t& value) {
        const auto found = network.metadata.find(member);
        if (found == network.metadata.end()) return;
        const std::string& text = found->second;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + text.size() || value < least || value > most)
            throw DataError("metadata of the network, " + member + ": \"" + text + "\", allowed " +
                            std::to_string(least) + ".." + std::to_string(most));
    };
    read("net_every", 1, most_frames_a_step, config.net_every);
    read("look_ahead", 0, config.most_look_ahead(), config.look_ahead);
    std::int32_t each_frame = 0;
    read("each_frame", 0, 1, each_frame);
    config.each_frame = each_frame != 0;
    config.comb = false;
    config.comb = network.output_size() != config.outputs();  // a recipe can leave it out
    return config;
}

}  // namespace gruve
