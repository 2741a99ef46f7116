#include "offline_search/selection/judge.h"

#include <algorithm>
#include <tuple>

#include "engine/kernels/network.h"
#include "offline_search/selection/paired_loss.h"

namespace gruve {

Judge::Judge(Task& task, const Model& eight, int jobs) : task_(task), jobs_(jobs) {
    const Network network(eight);
    validation_ = task_.evaluate(network, Split::validation, jobs_);
    altered_ = task_.evaluate_altered(network, jobs_);
}

double Judge::risk(const Score& score, const Score& eight, double tolerances) const {
    return std::max(eight.value - score.value, paired_loss(score, eight).upper) / (tolerances * task_.metric().tolerance);
}

Score Judge::validation(const Model& model) const { return task_.evaluate(Network(model), Split::validation, jobs_); }

double Judge::risk(const Model& model, double enough) const {
    const Network network(model);
    const double plain = risk(task_.evaluate(network, Split::validation, jobs_), validation_, 1);
    return plain > enough
               ? plain
               : std::max(plain, risk(task_.evaluate_altered(network, jobs_), altered_, task_.altered_tolerances()));
}

void Judge::score(Candidate& candidate) const {
    const Network network(candidate.model);
    candidate.judged.validation = task_.evaluate(network, Split::validation, jobs_);
    candidate.judged.test = task_.evaluate(network, Split::test, jobs_);
}

std::optional<Point> find_recommended(const Evaluator::Cache& scored, const GeneSpace& space,
                                      const Quantiser& quantiser, const Judge& judge, double worst, int tries) {
    std::vector<Point> points;
    for (const auto& [key, objectives] : scored)
        if (objectives.error <= worst) points.push_back({genes_from(key), objectives});
    std::sort(points.begin(), points.end(), [](const Point& a, const Point& b) {
        return std::tie(a.objectives.bytes, a.objectives.error, a.genes) <
               std::tie(b.objectives.bytes, b.objectives.error, b.genes);
    });
    if (static_cast<int>(points.size()) > tries) points.resize(static_cast<std::size_t>(tries));
    for (const Point& point : points)
        if (judge.risk(quantiser.assemble(space.decode(point.genes))) <= 1) return point;
    return std::nullopt;
}

}  // namespace gruve
