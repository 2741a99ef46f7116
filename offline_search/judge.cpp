#include "offline_search/judge.h"

#include <algorithm>
#include <tuple>

#include "engine/network.h"

namespace gruve {

Judge::Judge(Task& task, const Model& eight, int jobs) : task_(task), jobs_(jobs) {
    const Network network(eight);
    validation_ = task_.evaluate(network, Split::validation, jobs_);
    altered_ = task_.evaluate_altered(network, jobs_);
}

bool Judge::near(const Score& score, const Score& eight, double tolerances) const {
    const double room = tolerances * task_.tolerance();
    return score.value >= eight.value - room && score.error <= eight.error + room;
}

Score Judge::validation(const Model& model) const { return task_.evaluate(Network(model), Split::validation, jobs_); }

bool Judge::acceptable(const Model& model) const {
    const Network network(model);
    return near(task_.evaluate(network, Split::validation, jobs_), validation_, 1) && near(task_.evaluate_altered(network, jobs_), altered_, task_.altered_tolerances());
}

void Judge::score(Candidate& candidate) const {
    const Network network(candidate.model);
    candidate.judged.validation = task_.evaluate(network, Split::validation, jobs_);
    candidate.judged.test = task_.evaluate(network, Split::test, jobs_);
}

std::optional<Point> find_recommended(const Evaluator::Cache& scored, const GeneSpace& space, const Quantiser& quantiser, const Judge& judge, double worst, int tries) {
    std::vector<Point> points;
    for (const auto& [key, objectives] : scored)
        if (objectives.error <= worst) points.push_back({genes_from(key), objectives});
    std::sort(points.begin(), points.end(), [](const Point& a, const Point& b) {
        return std::tie(a.objectives.bytes, a.objectives.error, a.genes) < std::tie(b.objectives.bytes, b.objectives.error, b.genes);
    });
    if (static_cast<int>(points.size()) > tries) points.resize(static_cast<std::size_t>(tries));
    for (const Point& point : points)
        if (judge.acceptable(quantiser.assemble(space.decode(point.genes)))) return point;
    return std::nullopt;
}

}  // namespace gruve
