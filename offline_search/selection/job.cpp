#include "offline_search/selection/job.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "datasets/support/data_error.h"
#include "engine/preset/preset.h"
#include "offline_search/files/folder_lock.h"
#include "offline_search/search/checkpoint.h"
#include "offline_search/search/fingerprint.h"
#include "offline_search/search/step_cost.h"
#include "offline_search/selection/choose.h"
#include "offline_search/selection/earlier_search.h"
#include "offline_search/selection/job_command.h"
#include "offline_search/selection/judge.h"
#include "offline_search/selection/preset_files.h"
#include "offline_search/selection/preset_scores.h"
#include "offline_search/selection/scored_ladder.h"
#include "offline_search/selection/tuning_rounds.h"

namespace gruve {
namespace {

constexpr std::size_t presets_of_a_front = 12;
/// Steps of bytes from homogeneous 8 bit down to the smallest comparable genome, each with one candidate for the
/// recommendation: the best of so many on training material.
constexpr int ladder_steps = 12;
constexpr std::size_t rehearsed = 6;
/// Rounds of fine-tuning after the first one (FineTuning::rounds), and the points of each.
constexpr int further_rounds = 2;
constexpr std::size_t tuned_in_a_round = 4;

std::filesystem::path checkpoint_of(const SearchJob& job) { return job.out / "checkpoint.json"; }

using Say = std::function<void(const std::string&)>;
using Stop = std::function<bool()>;

/// The steps of one search, in the order in which run() takes them.
class SearchSteps {
public:
    SearchSteps(Task& task, const std::vector<FloatNetwork>& networks, const SearchJob& job, Say say, Stop stop,
                Cluster* cluster);
    SearchSteps(const SearchSteps&) = delete;
    SearchSteps& operator=(const SearchSteps&) = delete;

    SearchResult run(const std::function<void(const SearchProgress&)>& progress) {
        score_float_network();
        search(progress);
        choose();
        if (job_.fine_tuning != FineTuning::none && !result_.interrupted) fine_tune();
        recommend();
        judge_on_test_split();
        write();
        return std::move(result_);
    }

private:
    void score_float_network();
    SearchState start();
    void search(const std::function<void(const SearchProgress&)>& progress);
    void describe();
    void choose();
    void fine_tune();
    std::vector<Candidate> runners(std::size_t most);
    void recommend();
    void judge_on_test_split();
    void judge_sizes();
    void write();

    Model assemble(const Point& point) const { return quantiser_.assemble(space_.decode(point.genes)); }
    Candidate candidate(std::string name, const Point& point) const {
        return {{std::move(name), "", point, {}, {}}, assemble(point)};
    }
    /// Of the twin that all are compared with: homogeneous 8 bit, fine-tuned where that has made it better.
    double error_of_eight() const {
        return twin_ ? twin_->judged.point.objectives.error : state_.homogeneous.front().objectives.error;
    }
    bool is_eight(const Candidate& c) const { return c.judged.point.genes == state_.homogeneous.front().genes; }
    Candidate eight() const { return twin_ ? *twin_ : candidate("", state_.homogeneous.front()); }
    void keep(const std::vector<TunedMember>&);
    void save(const SearchState& s) const { save_checkpoint(checkpoint_of(job_), print_, s, cache_, tuned_); }
    void save_preset(PresetFiles&, Candidate&) const;

    Task& task_;
    const std::vector<FloatNetwork>& networks_;
    const SearchJob& job_;
    const Say say_;
    const Stop stop_;
    const double tolerance_;
    const std::string stem_;
    const std::vector<Matrix> calibration_;
    const Quantiser quantiser_;
    const GeneSpace space_;
    Evaluator evaluator_;

    Fingerprint print_;
    SearchState state_;       // after the last generation
    Evaluator::Cache cache_;  // the same
    TunedTexts tuned_;        // of the checkpoint
    std::optional<Judge> judge_;
    std::optional<Candidate> twin_;  // homogeneous 8 bit, fine-tuned; nothing where that isn't better
    std::vector<Candidate> homogeneous_, chosen_;
    SearchResult result_;
};

SearchSteps::SearchSteps(Task& task, const std::vector<FloatNetwork>& networks, const SearchJob& job, Say say,
                         Stop stop, Cluster* cluster)
    : task_(task),
      networks_(networks),
      job_(job),
      say_(std::move(say)),
      stop_(std::move(stop)),
      tolerance_(task.metric().tolerance),
      stem_(stem_of(task, job)),
      calibration_(task.calibration(job.calibration)),
      quantiser_(networks, calibration_, scheme_of(job)),
      space_(networks, job.scheme),
      evaluator_(space_, quantiser_, task, job.jobs, stop_) {
    if (cluster != nullptr)
        evaluator_.across(
            [this, cluster](const Work& work) {
                return cluster->score(work, [this](const Work& own) { return evaluator_.score_here(own); });
            },
            [cluster](const std::vector<Genes>& genomes) { cluster->teach(genomes); });
}

void SearchSteps::score_float_network() {
    const Score score = task_.evaluate(networks_.front(), Split::validation, job_.jobs);
    const Metric metric = task_.metric();
    say_("float: " + std::string(metric.name) + " " + metric.text(score.value) + " on " + std::to_string(score.n) +
         " validation clips");
    result_.float_validation = score;
}

/// The checkpoint's state where the search is resumed, else an empty one.
SearchState SearchSteps::start() {
    SearchState state;
    if (job_.resume && std::filesystem::exists(checkpoint_of(job_))) {
        Evaluator::Cache cache;
        state = load_checkpoint(checkpoint_of(job_), print_, space_, cache, tuned_);
        cache_ = cache;
        evaluator_.restore(std::move(cache));
        say_("resuming after generation " + std::to_string(state.generation));
    }
    if (job_.cost_objective && state.costs.empty()) state.costs = measure_step_costs(quantiser_);
    return state;
}

void SearchSteps::search(const std::function<void(const SearchProgress&)>& progress) {
    print_ = fingerprint(task_, networks_, calibration_, result_.float_validation, job_.scheme, job_.settings);
    SearchSettings settings = job_.settings;
    settings.earlier = earlier_search(job_.earlier, space_);
    print_.scheme += ranking_of(job_) + mark_of(settings.earlier);
    SearchState state = start();
    evaluator_.costs(state.costs);
    SearchRun run = run_search(
        evaluator_, networks_.front(), result_.float_validation.error, tolerance_, settings, std::move(state),
        [&](const SearchState& s) {
            cache_ = evaluator_.cache();
            save(s);
        },
        progress);
    state_ = std::move(run.state);
    result_.interrupted = run.interrupted;
    describe();
}

/// Fills the result with the settings and findings of the search.
void SearchSteps::describe() {
    result_.task = task_.name();
    result_.metric = task_.metric().id;
    if (task_.shown_metric().id != task_.metric().id) result_.shown_metric = task_.shown_metric().id;
    result_.scheme = name_of(job_.scheme);
    result_.command = command_of(task_, job_);
    result_.model_hash = print_.model;
    result_.data_hash = print_.data;
    result_.tolerance = tolerance_;
    result_.seed = job_.settings.seed;
    result_.population = job_.settings.population;
    result_.generations = state_.generation;
    result_.calibration = job_.calibration;
    result_.genes = gene_infos(space_);
    result_.archive = state_.archive.points();
    result_.history = state_.history;
    result_.sensitivity = state_.sensitivity;
    result_.reference = state_.reference;
    const double box = (result_.reference.error - result_.float_validation.error) * result_.reference.bytes;
    result_.hypervolume_homogeneous = hypervolume(state_.homogeneous, result_.reference) / box;
    result_.hypervolume_front = hypervolume(result_.archive, result_.reference) / box;
}

/// Chooses points of the front.
void SearchSteps::choose() {
    judge_.emplace(task_, assemble(state_.homogeneous.front()), job_.jobs);
    const double comparable = error_of_eight() + tolerance_, worst = error_of_eight() + useful_tolerances * tolerance_;
    for (const Point& point : choose_presets(result_.archive, presets_of_a_front, worst, comparable))
        chosen_.push_back(candidate(file_name(stem_, point), point));
}

/// The candidates of the recommendation, from large to small: of each step of bytes, the points with least error on
/// validation and all fine-tuned ones, and of these the best on altered training clips. All is known before any test.
/// Leaves out all but the smallest `most`.
std::vector<Candidate> SearchSteps::runners(std::size_t most) {
    const double comparable = error_of_eight() + tolerance_;
    std::vector<Objectives> tuned_points;
    std::vector<const Candidate*> tuned;
    for (const Candidate& c : chosen_)
        if (c.judged.fine_tuned && c.judged.point.objectives.error <= comparable)
            tuned.push_back(&c), tuned_points.push_back(c.judged.point.objectives);
    auto [points, rungs] = scored_ladder(evaluator_, comparable, tuned_points,
                                         {state_.homogeneous.front().objectives.bytes, ladder_steps, rehearsed});
    if (rungs.size() > most) rungs.erase(rungs.begin(), rungs.end() - static_cast<std::ptrdiff_t>(most));
    std::vector<Candidate> order;
    for (const auto& rung : rungs) {
        std::optional<Candidate> best;
        double least = 0;
        for (const std::size_t i : rung) {
            Candidate runner =
                i < points.size() ? candidate(file_name(stem_, points[i]), points[i]) : *tuned[i - points.size()];
            const double error = judge_->rehearsal(runner.model);
            if (best && error >= least) continue;
            best = std::move(runner);
            least = error;
        }
        order.push_back(std::move(*best));
    }
    return order;
}

/// Tests the runners and recommends the last that passes: homogeneous 8 bit itself where none does.
void SearchSteps::recommend() {
    std::vector<Candidate> order = runners(ladder_steps);
    say_("testing " + std::to_string(order.size()) +
         " candidates, the largest first, on material that the search has not scored");
    const auto passed = last_to_pass(order.size(), [&](std::size_t i, double level_here) {
        const JudgedPoint& judged = order[i].judged;
        const FreshLoss found = judge_->fresh(order[i].model);
        result_.trials.push_back({judged.point.objectives.bytes,
                                  judged.fine_tuned,
                                  {found.error.mean, upper_bound(found.error, 1 - level_here), found.allowed},
                                  1 - level_here,
                                  found.rounds,
                                  found.tolerable(1 - level_here)});
        return result_.trials.back().passed;
    });
    Candidate best = passed ? std::move(order[*passed]) : eight();
    if (!passed) best.judged.name = file_name(stem_, best.judged.point);
    const auto same = [&](const Candidate& c) {
        return c.judged.point == best.judged.point && c.judged.fine_tuned == best.judged.fine_tuned;
    };
    auto found = std::find_if(chosen_.begin(), chosen_.end(), same);
    if (found == chosen_.end()) found = chosen_.insert(chosen_.end(), std::move(best));
    found->judged.recommended = true;
}

/// Adds fine-tuned members to the chosen ones; of several rounds, none that another one beats. Where 8 bit is among
/// them, it is the twin that all are compared with; the one that isn't tuned becomes a preset, too.
void SearchSteps::keep(const std::vector<TunedMember>& members) {
    for (const TunedMember& member : members) {
        Candidate tuned = member.candidate;
        if (is_eight(tuned)) continue;
        const auto beats = [&](const TunedMember& other) {
            return dominates(other.candidate.judged.point.objectives, tuned.judged.point.objectives);
        };
        if (job_.fine_tuning == FineTuning::rounds && std::any_of(members.begin(), members.end(), beats)) continue;
        std::string& name = tuned.judged.name = file_name(stem_, tuned.judged.point) + "-tuned";
        const auto taken = [&](const Candidate& c) { return c.judged.name == name; };
        while (std::any_of(chosen_.begin(), chosen_.end(), taken)) name += "-too";  // other widths, as many bytes
        chosen_.push_back(std::move(tuned));
    }
    if (!twin_) return;
    judge_.emplace(task_, twin_->model, job_.jobs);
    chosen_.push_back(candidate(stem_ + "8bit-not-tuned", state_.homogeneous.front()));
}

void SearchSteps::fine_tune() {
    const FineTuneSettings settings{.epochs = job_.fine_tuning_epochs, .seed = job_.settings.seed, .jobs = job_.jobs};
    TuningRounds rounds({task_, quantiser_, space_, *judge_, calibration_}, settings, tuned_, say_, stop_);
    const auto run = [&](const std::vector<Point>& points) {
        if (points.empty() || !rounds.run(points)) return false;
        for (const TunedMember& member : rounds.members())
            if (is_eight(member.candidate)) twin_ = member.candidate;
        tuned_ = rounds.texts();
        save(state_);
        return true;
    };
    try {
        bool going = run(
            points_to_tune(evaluator_, state_, chosen_, runners(1).back().judged.point, tolerance_, job_.fine_tuning));
        for (int round = 0; going && job_.fine_tuning == FineTuning::rounds && round < further_rounds; ++round) {
            const std::vector<Point> tuned = rounds.points_without(state_.homogeneous.front().genes);
            going = run(next_to_tune(result_.archive, tuned, rounds.tried(), eight().judged.point.objectives,
                                     tolerance_, {ladder_steps, tuned_in_a_round}));
        }
    } catch (const Interrupted&) {
        say_("stopped before fine-tuning; the front is kept");
    }
    keep(rounds.members());
    result_.interrupted = stop_ && stop_();
}

/// Scores the float network, the homogeneous points and the chosen candidates on the test split.
void SearchSteps::judge_on_test_split() {
    std::stable_sort(chosen_.begin(), chosen_.end(), [](const Candidate& a, const Candidate& b) {
        return a.judged.point.objectives.bytes < b.judged.point.objectives.bytes;
    });
    say_("judging the presets on the test split");
    result_.float_test = task_.evaluate(networks_.front(), Split::test, job_.jobs);
    int width = max_width;
    for (const Point& point : state_.homogeneous)
        homogeneous_.push_back(candidate(std::to_string(width--) + " bit", point));
    homogeneous_.front() = eight();
    homogeneous_.front().judged.name = stem_ + "8bit";
    for (Candidate& model : homogeneous_) {
        judge_->score(model);
        model.judged.test_loss = metric_loss(model.judged.test, homogeneous_.front().judged.test);
        result_.homogeneous.push_back(model.judged);
    }
    judge_sizes();
    for (Candidate& model : chosen_) {
        judge_->score(model);
        model.judged.test_loss = metric_loss(model.judged.test, homogeneous_.front().judged.test);
        if (model.judged.recommended) model.judged.name = stem_ + "recommended";
    }
    judge_->weigh(chosen_, result_.trials);
}

/// Scores homogeneous 8 bit of every hidden size: what a smaller network does without a search.
void SearchSteps::judge_sizes() {
    const std::vector<Genes> genomes = space_.eight_bit_sizes();
    const std::vector<Objectives> objectives = evaluator_.evaluate(genomes);  // from the cache
    for (std::size_t i = 0; i < genomes.size(); ++i) {
        const int units = hidden_size(networks_[space_.decode(genomes[i]).network]);
        Candidate model = candidate(std::to_string(units) + " units, 8 bit", {genomes[i], objectives[i]});
        judge_->score(model);
        model.judged.test_loss = metric_loss(model.judged.test, homogeneous_.front().judged.test);
        result_.sizes.push_back(model.judged);
    }
}

/// Adds the candidate's preset to `files` and notes its file name.
void SearchSteps::save_preset(PresetFiles& files, Candidate& candidate) const {
    Preset preset;
    preset.name = candidate.judged.name;
    task_.describe(preset);
    preset.validation = preset_scores(result_, Split::validation, candidate.judged);
    preset.test = preset_scores(result_, Split::test, candidate.judged);
    const std::string made =
        "Made by: " + result_.command + " (model " + result_.model_hash + ", data " + result_.data_hash + ")";
    for (const std::string& part : {job_.provenance, ranking_text(result_, candidate.judged), made})
        if (!part.empty()) preset.provenance += (preset.provenance.empty() ? "" : " ") + part;
    preset.model_hash = result_.model_hash;
    preset.model = candidate.model;
    task_.choose_detection(preset, job_.jobs);
    candidate.judged.file = files.add(preset);
}

void SearchSteps::write() {
    PresetFiles files(job_.out, stem_);
    save_preset(files, homogeneous_.front());
    result_.homogeneous.front() = homogeneous_.front().judged;
    for (Candidate& candidate : chosen_) {
        save_preset(files, candidate);
        result_.presets.push_back(candidate.judged);
    }
    files.write();
    save_result(job_.out / "search.json", result_);
}

}  // namespace

void serve_search(Task& task, const std::vector<FloatNetwork>& networks, const SearchJob& job, Cluster& cluster) {
    const Quantiser quantiser(networks, task.calibration(job.calibration), scheme_of(job));
    const GeneSpace space(networks, job.scheme);
    Evaluator evaluator(space, quantiser, task, job.jobs);
    cluster.serve([&](const Work& work) { return evaluator.score_here(work); },
                  [&](const std::vector<Genes>& genomes) { evaluator.learn_race_here(genomes); });
}

void require_new_or_resumed(const SearchJob& job) {
    const std::filesystem::path checkpoint = checkpoint_of(job);
    if (!job.resume && std::filesystem::exists(checkpoint))
        throw DataError(checkpoint.string() +
                        ": a search is already here; --resume continues it, another --out starts a new one");
}

SearchResult run_search_job(Task& task, const std::vector<FloatNetwork>& networks, const SearchJob& job,
                            const std::function<void(const SearchProgress&)>& progress,
                            const std::function<void(const std::string&)>& say, std::function<bool()> stop,
                            Cluster* cluster) {
    std::filesystem::create_directories(job.out / "presets");
    const FolderLock lock(job.out);
    require_new_or_resumed(job);
    if (job.cost_objective && networks.size() > 1)
        throw std::invalid_argument("the objective ns allows only one hidden size");
    return SearchSteps(task, networks, job, say, std::move(stop), cluster).run(progress);
}

}  // namespace gruve
