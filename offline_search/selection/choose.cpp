#include "offline_search/selection/choose.h"

#include <algorithm>
#include <cmath>
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

std::vector<std::vector<std::size_t>> ladder(const std::vector<Objectives>& points, double largest, int steps,
                                             std::size_t most, std::size_t kept) {
    if (points.empty()) return {};
    const auto fewer = [](const Objectives& a, const Objectives& b) { return a.bytes < b.bytes; };
    const double smallest = std::min_element(points.begin(), points.end(), fewer)->bytes;
    const double ratio = std::log(largest / smallest);
    std::map<int, std::vector<std::size_t>> of_step;  // from large to small
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (points[i].bytes > largest) continue;
        const double place = ratio > 0 ? std::log(largest / points[i].bytes) / ratio * steps : 0;
        of_step[std::min(steps - 1, static_cast<int>(place))].push_back(i);
    }
    std::vector<std::vector<std::size_t>> rungs;
    for (auto& [step, found] : of_step) {
        std::stable_sort(found.begin(), found.end(), [&](std::size_t a, std::size_t b) {
            return std::tie(points[a].error, points[a].bytes) < std::tie(points[b].error, points[b].bytes);
        });
        auto& rung = rungs.emplace_back();
        std::size_t taken = 0;
        for (const std::size_t i : found)
            if (i >= kept || taken++ < most) rung.push_back(i);
    }
    return rungs;
}

std::optional<std::size_t> last_to_pass(std::size_t count, const std::function<bool(std::size_t, double)>& passes) {
    std::optional<std::size_t> last;
    const double share = family_level / static_cast<double>(count);
    double handed_on = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const double here = std::min(family_level, handed_on + share);
        const bool passed = passes(i, here);
        handed_on = passed ? here : 0;
        if (passed) last = i;
    }
    return last;
}

}  // namespace gruve
