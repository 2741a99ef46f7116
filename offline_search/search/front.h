// Objectives, all to be small: error, bytes and, where asked for, nanoseconds. Domination, the archive of everything not dominated, hypervolume.
#pragma once

#include <cstddef>
#include <vector>

#include "offline_search/search/genes.h"

namespace gruve {

/// error: Score::error on the validation split. bytes: what a device must hold. ns: of one step; 0 for all where it isn't asked for.
struct Objectives {
    double error = 0;
    double bytes = 0;
    double ns = 0;
    double value = 0;  // Score::value, for people: nothing is chosen by it alone
    bool operator==(const Objectives&) const = default;
};

/// No worse in any, better in one.
bool dominates(const Objectives&, const Objectives&);

struct Point {
    Genes genes;
    Objectives objectives;
    bool operator==(const Point&) const = default;
};

/// All non-dominated points seen so far, by rising bytes. Of equal points the first one stays.
class Archive {
public:
    /// Whether `point` is now part of it.
    bool add(const Point& point);
    const std::vector<Point>& points() const { return points_; }

private:
    std::vector<Point> points_;
};

/// Area of error and bytes dominated by `points` within `reference` (points beyond it add nothing).
double hypervolume(const std::vector<Point>& points, const Objectives& reference);

}  // namespace gruve
