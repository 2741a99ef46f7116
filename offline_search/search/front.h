// The objectives of the search, domination, the archive of non-dominated points, and the hypervolume.
#pragma once

#include <cstddef>
#include <vector>

#include "offline_search/search/genes.h"

namespace gruve {

/// Error, bytes and nanoseconds are minimised.
struct Objectives {
    double error = 0;  // Score::error on the validation split
    double bytes = 0;  // of parameters that a device must hold
    double ns = 0;     // of one step; 0 for all points where the cost is no objective
    double value = 0;  // Score::value, for people to read; not an objective
    bool operator==(const Objectives&) const = default;
};

/// Whether the first is no worse in any objective and better in at least one.
bool dominates(const Objectives&, const Objectives&);

struct Point {
    Genes genes;
    Objectives objectives;
    bool operator==(const Point&) const = default;
};

/// All non-dominated points so far, by rising bytes. Of points with equal objectives the first one stays.
class Archive {
public:
    /// Adds the point, unless it is dominated, and removes the points that it dominates. Returns whether it was added.
    bool add(const Point& point);
    const std::vector<Point>& points() const { return points_; }

private:
    std::vector<Point> points_;
};

/// The smallest point whose error is at most `error`; nullptr where there is none. Of equal sizes, the first.
const Point* smallest_within(const std::vector<Point>& points, double error);

/// The least error of the points with at most `bytes`; infinite where there is none.
double least_error(const std::vector<Objectives>& points, double bytes);

/// The area, error × bytes, that `points` dominate within `reference`. Points beyond the reference add nothing.
double hypervolume(const std::vector<Point>& points, const Objectives& reference);

}  // namespace gruve
