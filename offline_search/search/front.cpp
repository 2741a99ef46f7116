#include "offline_search/search/front.h"

#include <algorithm>
#include <limits>

namespace gruve {

bool dominates(const Objectives& a, const Objectives& b) {
    return a.error <= b.error && a.bytes <= b.bytes && a.ns <= b.ns &&
           (a.error < b.error || a.bytes < b.bytes || a.ns < b.ns);
}

bool Archive::add(const Point& point) {
    for (const Point& other : points_)
        if (other.objectives == point.objectives || dominates(other.objectives, point.objectives)) return false;
    std::erase_if(points_, [&](const Point& other) { return dominates(point.objectives, other.objectives); });
    const auto place = std::lower_bound(points_.begin(), points_.end(), point, [](const Point& a, const Point& b) {
        return a.objectives.bytes < b.objectives.bytes;
    });
    points_.insert(place, point);
    return true;
}

const Point* smallest_within(const std::vector<Point>& points, double error) {
    const Point* best = nullptr;
    for (const Point& point : points)
        if (point.objectives.error <= error && (best == nullptr || point.objectives.bytes < best->objectives.bytes))
            best = &point;
    return best;
}

double least_error(const std::vector<Objectives>& points, double bytes) {
    double least = std::numeric_limits<double>::infinity();
    for (const Objectives& point : points)
        if (point.bytes <= bytes) least = std::min(least, point.error);
    return least;
}

double hypervolume(const std::vector<Point>& points, const Objectives& reference) {
    std::vector<Objectives> inside;
    for (const Point& point : points)
        if (point.objectives.error < reference.error && point.objectives.bytes < reference.bytes)
            inside.push_back(point.objectives);
    std::sort(inside.begin(), inside.end(), [](const Objectives& a, const Objectives& b) { return a.bytes < b.bytes; });
    // One strip from each point's bytes to the next one's. Its height is the reference less the least error so far.
    double area = 0, least = reference.error;
    for (std::size_t i = 0; i < inside.size(); ++i) {
        least = std::min(least, inside[i].error);
        const double next = i + 1 < inside.size() ? inside[i + 1].bytes : reference.bytes;
        area += (reference.error - least) * (next - inside[i].bytes);
    }
    return area;
}

}  // namespace gruve
