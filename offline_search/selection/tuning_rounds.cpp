#include "offline_search/selection/tuning_rounds.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "datasets/support/hash.h"
#include "offline_search/fine_tuning/handed_down.h"
#include "offline_search/fine_tuning/tuned_text.h"

namespace gruve {
namespace {

std::string result_line(const Metric& metric, const Objectives& before, const Objectives& after) {
    char bytes[64], errors[80];
    std::snprintf(bytes, sizeof bytes, "fine-tuned %.0f bytes: ", after.bytes);
    std::snprintf(errors, sizeof errors, ", error %.4f -> %.4f", before.error, after.error);
    return bytes + std::string(metric.name) + " " + metric.text(before.value) + " -> " + metric.text(after.value) +
           errors;
}

std::string loss_text(double value) {
    char text[32];
    std::snprintf(text, sizeof text, " %.4f", value);
    return text;
}

std::string hash_text(const std::string& text) {
    Hash hash;
    hash.add(text.data(), text.size());
    return hash.text();
}

int levels_apart(const Genes& a, const Genes& b) {
    int sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
    return sum;
}

}  // namespace

const TunedMember* nearest(const std::vector<TunedMember>& members, const GeneSpace& space, const Genes& genes) {
    const TunedMember* best = nullptr;
    const auto distance = [&](const TunedMember& m) { return levels_apart(m.candidate.judged.point.genes, genes); };
    for (const TunedMember& member : members)
        if (space.decode(member.candidate.judged.point.genes).network == space.decode(genes).network &&
            (best == nullptr || distance(member) < distance(*best)))
            best = &member;
    return best;
}

TuningRounds::TuningRounds(const Inputs& inputs, const FineTuneSettings& settings, TunedTexts known,
                           std::function<void(const std::string&)> say, std::function<bool()> stop)
    : inputs_(inputs), settings_(settings), texts_(std::move(known)), say_(std::move(say)), stop_(std::move(stop)) {}

TuningRounds::Start TuningRounds::start_of(const Genes& genes) const {
    const Genome genome = inputs_.space.decode(genes);
    const std::string passes =
        " " + std::to_string(settings_.first_pass) + "+" + std::to_string(settings_.epochs) + " passes";
    const TunedMember* parent = nearest(members_, inputs_.space, genes);
    if (parent == nullptr) return {to_text(genes) + " calibrated" + passes, inputs_.quantiser.weights(genome)};
    return {to_text(genes) + " " + hash_text(to_text(parent->weights)) + passes,
            handed_down(genome, inputs_.space.decode(parent->candidate.judged.point.genes), parent->weights,
                        inputs_.calibration, *inputs_.quantiser.scheme().strategy)};
}

/// Makes the weights that aren't known. The tuners advance side by side: whatever the task draws for a pass serves
/// every point.
bool TuningRounds::tune(const std::vector<Point>& points, const std::vector<Start>& starts) {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < points.size(); ++i)
        if (!texts_.contains(starts[i].key)) open.push_back(i);
    if (open.empty()) return true;
    // Tasks that draw once for all passes draw anew for each round.
    const std::uint64_t goal_seed = settings_.seed + 1000003u * static_cast<std::uint64_t>(settings_.first_pass);
    const std::unique_ptr<TuningGoal> goal =
        inputs_.task.tuning_goal(inputs_.quantiser.network(), goal_seed, settings_.jobs);
    std::vector<FineTuner> tuners;
    for (const std::size_t i : open)
        tuners.emplace_back(inputs_.quantiser, inputs_.space.decode(points[i].genes), starts[i].weights, *goal,
                            settings_);
    for (int pass = 0; pass < settings_.epochs; ++pass) {
        goal->renew(settings_.first_pass + pass, settings_.jobs);
        std::string losses;
        for (FineTuner& tuner : tuners) {
            if (stop_ && stop_()) return false;
            losses += loss_text(tuner.pass(*goal));
        }
        say_("fine-tuning, pass " + std::to_string(pass + 1) + "/" + std::to_string(settings_.epochs) + ", losses" +
             losses);
    }
    for (std::size_t k = 0; k < open.size(); ++k) texts_[starts[open[k]].key] = to_text(tuners[k].result());
    return true;
}

/// Scores the point with its new weights and keeps it if it got better.
void TuningRounds::take(const Point& point, TunedWeights weights) {
    Candidate candidate{{"", "", point, {}, {}, false, true},
                        inputs_.quantiser.assemble(inputs_.space.decode(point.genes), weights)};
    const Score score = inputs_.judge.validation(candidate.model);
    Objectives& o = candidate.judged.point.objectives;
    o.error = score.error;
    o.value = score.value;
    o.bytes = static_cast<double>(parameter_bytes(candidate.model).total() + inputs_.task.fixed_bytes());
    say_(result_line(inputs_.task.metric(), point.objectives, o));
    if (o.error >= point.objectives.error) return;
    const auto known = std::find_if(members_.begin(), members_.end(), [&](const TunedMember& m) {
        return m.candidate.judged.point.genes == point.genes;
    });
    if (known == members_.end())
        members_.push_back({std::move(candidate), std::move(weights)});
    else if (o.error < known->candidate.judged.point.objectives.error)
        *known = {std::move(candidate), std::move(weights)};
}

std::vector<Point> TuningRounds::points_without(const Genes& genes) const {
    std::vector<Point> points;
    for (const TunedMember& member : members_)
        if (member.candidate.judged.point.genes != genes) points.push_back(member.candidate.judged.point);
    return points;
}

bool TuningRounds::run(const std::vector<Point>& points) {
    std::vector<Start> starts;
    for (const Point& point : points) starts.push_back(start_of(point.genes));
    if (!tune(points, starts)) return false;
    for (std::size_t i = 0; i < points.size(); ++i) {
        take(points[i], tuned_weights_from(texts_.at(starts[i].key), std::move(starts[i].weights)));
        tried_.insert(points[i].genes);
    }
    settings_.first_pass += settings_.epochs;
    return true;
}

}  // namespace gruve
