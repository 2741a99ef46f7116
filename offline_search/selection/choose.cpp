#include "offline_search/selection/choose.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

namespace gruve {

std::vector<Point> choose_presets(const std::vector<Point>& front, std::size_t count, double worst,
                                  double recommended) {
    std::vector<Point> useful;
    for (const Point& point : front)
        if (point.objectives.error <= worst) useful.push_back(point);
    if (useful.size() <= count || count < 2) return useful;
    const Point* keep = smallest_within(useful, recommended);
    const double low = useful.front().objectives.bytes, high = useful.back().objectives.bytes;
    std::vector<Point> chosen;
    for (std::size_t i = 0; i < count; ++i) {
        const double wanted = low + (high - low) * static_cast<double>(i) / static_cast<double>(count - 1);
        const auto nearest = std::min_element(useful.begin(), useful.end(), [&](const Point& a, const Point& b) {
            return std::abs(a.objectives.bytes - wanted) < std::abs(b.objectives.bytes - wanted);
        });
        if (chosen.empty() || !(chosen.back() == *nearest)) chosen.push_back(*nearest);
    }
    if (keep != nullptr && std::find(chosen.begin(), chosen.end(), *keep) == chosen.end())
        chosen.insert(
            std::lower_bound(chosen.begin(), chosen.end(), *keep,
                             [](const Point& a, const Point& b) { return a.objectives.bytes < b.objectives.bytes; }),
            *keep);
    return chosen;
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

void recommend_smallest(std::vector<Candidate>& chosen, const Judge& judge) {
    std::vector<Candidate*> order;
    for (Candidate& candidate : chosen) order.push_back(&candidate);
    std::stable_sort(order.begin(), order.end(), [](const Candidate* a, const Candidate* b) {
        const Objectives &x = a->judged.point.objectives, &y = b->judged.point.objectives;
        return x.bytes < y.bytes || (x.bytes == y.bytes && x.error < y.error);
    });
    auto best = std::find_if(order.begin(), order.end(), [&](const Candidate* c) { return judge.risk(c->model) <= 1; });
    if (best == order.end()) {
        std::map<const Candidate*, double> risks;
        for (const Candidate* c : order) risks[c] = judge.risk(c->model, std::numeric_limits<double>::infinity());
        best = std::min_element(order.begin(), order.end(),
                                [&](const Candidate* a, const Candidate* b) { return risks[a] < risks[b]; });
    }
    for (Candidate& candidate : chosen) candidate.judged.recommended = &candidate == *best;
}

}  // namespace gruve
