#include "offline_search/tuning.h"

#include <algorithm>
#include <cstdio>

namespace gruve {
namespace {

bool is_candidate_path(int op) { return op == static_cast<int>(Operator::linear_in) || op == static_cast<int>(Operator::linear_hn); }

/// The index of `width` in the gene, or of the nearest width above.
int level_of(const Gene& gene, int width) {
    const auto found = std::find_if(gene.widths.begin(), gene.widths.end(), [&](int w) { return bits_per_weight(w) >= bits_per_weight(width); });
    return static_cast<int>(std::min(found, gene.widths.end() - 1) - gene.widths.begin());
}

Genes with_weights(const GeneSpace& space, Genes genes, int width, int candidate_width) {
    for (std::size_t i = 0; i < space.size(); ++i) {
        const Gene& gene = space.genes()[i];
        if (gene.kind == Gene::Kind::gru && gene.op < linear_count) genes[i] = level_of(gene, is_candidate_path(gene.op) ? candidate_width : width);
    }
    return genes;
}

std::string result_line(const std::string& metric, const Point& before, const Objectives& after) {
    char text[160];
    std::snprintf(text, sizeof text, "fine-tuned %.0f bytes: %s %.4f -> %.4f, error %.4f -> %.4f", after.bytes, metric.c_str(), before.objectives.value, after.value,
                  before.objectives.error, after.error);
    return text;
}

}  // namespace

std::vector<Genes> lean_genomes(const GeneSpace& space, const std::vector<Sensitivity>& scan, double harmless) {
    Genes lean = space.high();
    for (std::size_t i = 0; i < space.size(); ++i) {
        const Gene& gene = space.genes()[i];
        switch (gene.kind) {
            case Gene::Kind::row_multipliers:
            case Gene::Kind::bias_width: lean[i] = 0; continue;
            case Gene::Kind::dense_weights: lean[i] = level_of(gene, 4); continue;
            case Gene::Kind::gru:
                if (gene.op < linear_count) continue;
                break;
            default: break;
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
    std::vector<Genes> result;
    const auto add = [&](int width, int candidate) {
        const Genes genes = with_weights(space, lean, width, candidate);
        if (std::find(result.begin(), result.end(), genes) == result.end()) result.push_back(genes);
    };
    add(2, 3);
    add(2, 2);
    if (space.scheme() == GeneScheme::further) {
        add(ternary_width, 2);
        add(ternary_width, ternary_width);
        add(binary_width, ternary_width);
        add(binary_width, binary_width);
    }
    return result;
}

std::vector<Candidate> fine_tuned(Task& task, const Quantiser& quantiser, const GeneSpace& space, const Judge& judge, const std::vector<Point>& points,
                                  const FineTuneSettings& settings, int sequences, const std::function<void(const std::string&)>& say, const std::function<bool()>& stop) {
    if (points.empty()) return {};
    const std::vector<Matrix> examples = task.tuning_sequences(sequences, settings.seed, settings.jobs);
    std::vector<Candidate> result;
    for (const Point& point : points) {
        if (stop && stop()) break;
        const Genome genome = space.decode(point.genes);
        Candidate candidate{{"", "", point, {}, {}, false, true}, quantiser.assemble(genome, fine_tune(quantiser, genome, examples, settings))};
        const Score score = judge.validation(candidate.model);
        Objectives& o = candidate.judged.point.objectives;
        o.error = score.error, o.value = score.value, o.bytes = static_cast<double>(parameter_bytes(candidate.model).total());
        say(result_line(task.metric(), point, o));
        if (o.error < point.objectives.error) result.push_back(std::move(candidate));
    }
    return result;
}

}  // namespace gruve
