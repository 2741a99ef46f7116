#include "offline_search/selection/tuning.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "offline_search/selection/choose.h"

namespace gruve {
namespace {

/// A front point is fine-tuned only if it loses at most this many tolerances against homogeneous 8 bit.
constexpr double tunable_tolerances = 60;
/// A tuned point is trained on in a further round only if it loses at most this many; so many of them in a round.
constexpr double reachable_tolerances = 4;
constexpr std::size_t tuned_again = 2;
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
    add(state.homogeneous.front());
    for (const Genes& genes : lean_genomes(evaluator.space(), state.sensitivity, harmless_tolerances * tolerance))
        add({genes, evaluator.evaluate({genes})[0]});
    if (const Point* smallest = smallest_within(state.archive.points(), eight + tunable_tolerances * tolerance))
        add(*smallest);
    add(likely);
    if (which == FineTuning::front)
        for (const Candidate& candidate : chosen) add(candidate.judged.point);
    return points;
}

std::vector<Point> next_to_tune(const std::vector<Point>& front, const std::vector<Point>& tuned,
                                const std::set<Genes>& tried, const Objectives& eight, double tolerance,
                                const RoundShape& shape) {
    std::vector<Point> all = tuned;
    all.insert(all.end(), front.begin(), front.end());
    const Point* smallest = smallest_within(all, eight.error + tolerance);
    if (smallest == nullptr) return {};
    std::vector<Point> points, chosen;
    std::vector<Objectives> objectives;
    std::size_t count_tuned = 0;  // they come first
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Objectives& o = all[i].objectives;
        if (o.bytes < smallest->objectives.bytes || o.error > eight.error + tunable_tolerances * tolerance) continue;
        count_tuned += i < tuned.size();
        points.push_back(all[i]);
        objectives.push_back(o);
    }
    std::vector<Point> again;
    for (const Point& point : tuned)
        if (point.objectives.error <= eight.error + reachable_tolerances * tolerance) again.push_back(point);
    std::ranges::stable_sort(again, {}, [](const Point& point) { return point.objectives.bytes; });
    if (again.size() > std::min(shape.most, tuned_again)) again.resize(std::min(shape.most, tuned_again));
    chosen = std::move(again);
    auto rungs = ladder(objectives, eight.bytes, shape.steps, std::numeric_limits<std::size_t>::max());
    std::reverse(rungs.begin(), rungs.end());
    for (const auto& rung : rungs) {
        if (chosen.size() >= shape.most) break;
        if (std::ranges::any_of(rung, [&](std::size_t i) { return i < count_tuned; })) continue;
        const auto fresh = std::ranges::find_if(rung, [&](std::size_t i) { return !tried.contains(points[i].genes); });
        if (fresh != rung.end()) chosen.push_back(points[*fresh]);
    }
    return chosen;
}

}  // namespace gruve
