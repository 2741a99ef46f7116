#include "offline_search/selection/choose.h"

#include <algorithm>
#include <cmath>

#include "offline_search/search/run.h"

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

}  // namespace gruve
