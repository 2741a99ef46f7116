#include "offline_search/selection/tuning.h"

#include <algorithm>
#include <cstdio>

namespace gruve {
namespace {

/// Of the weights that make r, z and n.
struct GateWidths {
    int reset, update, candidate;
    int of(int linear) const { return linear % 3 == 0 ? reset : linear % 3 == 1 ? update : candidate; }
};

/// The index of `width` in the gene, or of the nearest width above.
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

std::string result_line(const std::string& metric, const Point& before, const Objectives& after) {
    char text[160];
    std::snprintf(text, sizeof text, "fine-tuned %.0f bytes: %s %.4f -> %.4f, error %.4f -> %.4f", after.bytes,
                  metric.c_str(), before.objectives.value, after.value, before.objectives.error, after.error);
    return text;
}

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, " %.4f", value);
    return text;
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

std::vector<Candidate> fine_tuned(Task& task, const Quantiser& quantiser, const GeneSpace& space, const Judge& judge,
                                  const std::vector<Point>& points, const FineTuneSettings& settings,
                                  const std::function<void(const std::string&)>& say,
                                  const std::function<bool()>& stop) {
    if (points.empty()) return {};
    const std::unique_ptr<TuningGoal> goal = task.tuning_goal(quantiser.network(), settings.seed, settings.jobs);
    std::vector<FineTuner> tuners;
    for (const Point& point : points) tuners.emplace_back(quantiser, space.decode(point.genes), *goal, settings);
    for (int pass = 0; pass < settings.epochs;
         ++pass) {  // all side by side: what a task draws for a pass serves every point
        goal->renew(pass, settings.jobs);
        std::string losses;
        for (FineTuner& tuner : tuners) {
            if (stop && stop()) return {};  // half of a tuning is another result than the whole
            losses += number(tuner.pass(*goal));
        }
        say("fine-tuning, pass " + std::to_string(pass + 1) + "/" + std::to_string(settings.epochs) + ", losses" +
            losses);
    }
    std::vector<Candidate> result;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Point& point = points[i];
        Candidate candidate{{"", "", point, {}, {}, false, true},
                            quantiser.assemble(space.decode(point.genes), tuners[i].result())};
        const Score score = judge.validation(candidate.model);
        Objectives& o = candidate.judged.point.objectives;
        o.error = score.error, o.value = score.value,
        o.bytes = static_cast<double>(parameter_bytes(candidate.model).total());
        say(result_line(std::string(task.metric().id), point, o));
        if (o.error < point.objectives.error) result.push_back(std::move(candidate));
    }
    return result;
}

}  // namespace gruve
