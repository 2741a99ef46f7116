#include "offline_search/selection/tuning.h"

#include <algorithm>
#include <cstdio>

namespace gruve {
namespace {

/// A front point is fine-tuned only if it loses at most this many tolerances against homogeneous 8 bit.
constexpr double tunable_tolerances = 60;
/// An operator of a lean genome may cost at most this many tolerances when it is lowered alone.
constexpr double harmless_tolerances = 0.2;

/// Widths of the weights on the paths to r, z and n.
struct GateWidths {
    int reset, update, candidate;
    int of(int linear) const { return linear % 3 == 0 ? reset : linear % 3 == 1 ? update : candidate; }
};

/// The level of `width` in the gene, or of the next width above it.
int level_of(const Gene& gene, int width) {
    const auto found = std::find_if(gene.widths.begin(), gene.widths.end(),
                                    [&](int w) { return bits_per_weight(w) >= bits_per_weight(width); });
    return static_cast<int>(std::min(found, gene.widths.end() - 1) - gene.widths.begin());
}

Genes with_weights(const GeneSpace& space, Genes genes, const GateWidths& widths) {
    for (std::size_t i = 0; i < space.size(); ++i) {
        const Gene& gene = space.genes()[i];
        if (gene.kind == Gene::Kind::gru && gene.op < linear_count) genes[i] = level_of(gene, widths.of(gene.op));
    }
    return genes;
}

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

/// Runs all passes of all tuners. The tuners advance side by side: whatever the task draws for a pass serves every
/// point. False where stop() returned true.
bool run_passes(std::vector<FineTuner>& tuners, TuningGoal& goal, const FineTuneSettings& settings,
                const std::function<void(const std::string&)>& say, const std::function<bool()>& stop) {
    for (int pass = 0; pass < settings.epochs; ++pass) {
        goal.renew(pass, settings.jobs);
        std::string losses;
        for (FineTuner& tuner : tuners) {
            if (stop && stop()) return false;
            losses += loss_text(tuner.pass(goal));
        }
        say("fine-tuning, pass " + std::to_string(pass + 1) + "/" + std::to_string(settings.epochs) + ", losses" +
            losses);
    }
    return true;
}

}  // namespace

std::vector<Genes> lean_genomes(const GeneSpace& space, const std::vector<Sensitivity>& scan, double harmless) {
    Genes lean = space.high();
    for (std::size_t i = 0; i < space.size(); ++i) {
        const Gene& gene = space.genes()[i];
        switch (gene.kind) {
            case Gene::Kind::row_multipliers:
            case Gene::Kind::bias_width:
                lean[i] = 0;
                continue;
            case Gene::Kind::dense_weights:
                lean[i] = level_of(gene, 3);
                continue;
            case Gene::Kind::hidden:
                lean[i] = space.encode(space.base())[i];
                continue;
            case Gene::Kind::gru:
                if (gene.op < linear_count) continue;
                break;
            default:
                break;
        }
        std::vector<Objectives> alone;
        for (const Sensitivity& s : scan)
            if (s.gene == static_cast<int>(i)) alone.push_back(s.objectives);
        for (int level = space.highest(i); level >= 0; --level) {
            const Objectives& o = alone.at(static_cast<std::size_t>(level));
            if (o.error > alone.back().error + harmless) break;
            if (o.bytes < alone.back().bytes) lean[i] = level;
        }
    }
    std::vector<GateWidths> wanted = {{2, 2, 2}};
    if (space.scheme() == GeneScheme::further)
        wanted.insert(wanted.end(), {{ternary_width, ternary_width, ternary_width}, {binary_width, ternary_width, 2}});
    std::vector<Genes> result;
    for (const GateWidths& widths : wanted) result.push_back(with_weights(space, lean, widths));
    return result;
}

std::vector<Point> points_to_tune(Evaluator& evaluator, const SearchState& state, const std::vector<Candidate>& chosen,
                                  const Point& likely, double tolerance, FineTuning which) {
    const double eight = state.homogeneous.front().objectives.error;
    std::vector<Point> points;
    const auto add = [&](const Point& point) {
        const auto same = [&](const Point& other) { return other.genes == point.genes; };
        if (std::none_of(points.begin(), points.end(), same)) points.push_back(point);
    };
    for (const Genes& genes : lean_genomes(evaluator.space(), state.sensitivity, harmless_tolerances * tolerance))
        add({genes, evaluator.evaluate({genes})[0]});
    if (const Point* smallest = smallest_within(state.archive.points(), eight + tunable_tolerances * tolerance))
        add(*smallest);
    add(likely);
    if (which == FineTuning::front)
        for (const Candidate& candidate : chosen) add(candidate.judged.point);
    return points;
}

std::vector<Candidate> fine_tuned(Task& task, const Quantiser& quantiser, const GeneSpace& space, const Judge& judge,
                                  const std::vector<Point>& points, const FineTuneSettings& settings,
                                  const std::function<void(const std::string&)>& say,
                                  const std::function<bool()>& stop) {
    if (points.empty()) return {};
    const std::unique_ptr<TuningGoal> goal = task.tuning_goal(quantiser.network(), settings.seed, settings.jobs);
    std::vector<FineTuner> tuners;
    for (const Point& point : points) tuners.emplace_back(quantiser, space.decode(point.genes), *goal, settings);
    if (!run_passes(tuners, *goal, settings, say, stop)) return {};
    std::vector<Candidate> result;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Point& point = points[i];
        Candidate candidate{{"", "", point, {}, {}, false, true},
                            quantiser.assemble(space.decode(point.genes), tuners[i].result())};
        const Score score = judge.validation(candidate.model);
        Objectives& o = candidate.judged.point.objectives;
        o.error = score.error;
        o.value = score.value;
        o.bytes = static_cast<double>(parameter_bytes(candidate.model).total() + task.fixed_bytes());
        say(result_line(task.metric(), point.objectives, o));
        if (o.error < point.objectives.error) result.push_back(std::move(candidate));
    }
    return result;
}

}  // namespace gruve
