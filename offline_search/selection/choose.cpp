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

std::vector<std::size_t> ladder(const std::vector<Objectives>& points, double largest, int steps) {
    if (points.empty()) return {};
    const auto fewer = [](const Objectives& a, const Objectives& b) { return a.bytes < b.bytes; };
    const double smallest = std::min_element(points.begin(), points.end(), fewer)->bytes;
    const double ratio = std::log(largest / smallest);
    std::map<int, std::size_t> best;  // by step, from large to small
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Objectives& point = points[i];
        if (point.bytes > largest) continue;
        const double place = ratio > 0 ? std::log(largest / point.bytes) / ratio * steps : 0;
        const auto [found, added] = best.emplace(std::min(steps - 1, static_cast<int>(place)), i);
        const Objectives& other = points[found->second];
        if (std::tie(point.error, point.bytes) < std::tie(other.error, other.bytes)) found->second = i;
    }
    std::vector<std::size_t> order;
    for (const auto& [step, i] : best) order.push_back(i);
    return order;
}

std::size_t passed_in_sequence(std::size_t count, const std::function<bool(std::size_t)>& passes) {
    std::size_t passed = 0;
    while (passed < count && passes(passed)) ++passed;
    return passed;
}

}  // namespace gruve
