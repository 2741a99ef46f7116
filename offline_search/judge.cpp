#include "offline_search/judge.h"

#include <algorithm>
#include <tuple>

#include "engine/network.h"

namespace gruve {

Judge::Judge(Task& task, const Model& eight, int jobs) : task_(task), jobs_(jobs) {
    const Network network(eight);
    const Score own = task_.evaluate(network, Split::validation, jobs_);
    validation_ = own.value;
    together_ = together(own, task_.evaluate(network, Split::train, jobs_));
}

double Judge::together(const Score& validation, const Score& train) const {
    return (validation.value * validation.n + train.value * train.n) / (validation.n + train.n);
}

Score Judge::validation(const Model& model) const { return task_.evaluate(Network(model), Split::validation, jobs_); }

bool Judge::acceptable(const Model& model) const {
    const Network network(model);
    const Score own = task_.evaluate(network, Split::validation, jobs_);
    if (own.value < validation_ - task_.tolerance()) return false;
    return together(own, task_.evaluate(network, Split::train, jobs_)) >= together_ - task_.tolerance();
}

void Judge::score(Candidate& candidate) const {
    const Network network(candidate.model);
    candidate.judged.validation = task_.evaluate(network, Split::validation, jobs_);
    candidate.judged.test = task_.evaluate(network, Split::test, jobs_);
}

std::optional<Point> find_recommended(const Evaluator::Cache& scored, const GeneSpace& space, const Quantiser& quantiser, const Judge& judge, double error_of_eight, double tolerance,
                                      int tries) {
    std::vector<Point> points;
    for (const auto& [key, objectives] : scored)
        if (objectives.error <= error_of_eight + tolerance) points.push_back({genes_from(key), objectives});
    std::sort(points.begin(), points.end(), [](const Point& a, const Point& b) {
        return std::tie(a.objectives.bytes, a.objectives.error, a.genes) < std::tie(b.objectives.bytes, b.objectives.error, b.genes);
    });
    if (static_cast<int>(points.size()) > tries) points.resize(static_cast<std::size_t>(tries));
    for (const Point& point : points)
        if (judge.acceptable(quantiser.assemble(space.decode(point.genes)))) return point;
    return std::nullopt;
}

}  // namespace gruve
