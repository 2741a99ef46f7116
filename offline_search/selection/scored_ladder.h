// The ladder of candidates (choose.h) over all genomes that a search has scored.
#pragma once

#include <cstddef>
#include <vector>

#include "offline_search/search/evaluator.h"
#include "offline_search/search/front.h"

namespace gruve {

struct LadderShape {
    double largest = 0;    // bytes
    int steps = 0;         // equal ratios of bytes
    std::size_t most = 0;  // points of a step
};

struct ScoredLadder {
    std::vector<Point> points;                    // of the evaluator's cache
    std::vector<std::vector<std::size_t>> rungs;  // indices of `points`, and beyond them of `more`
};

/// The ladder of all genomes in the evaluator's cache whose error is at most `error`, and of the points `more`. No step
/// leaves out any of `more`: the errors of the others are too good, as the search has chosen by them. Genomes that a
/// race has dropped are scored whole where the ladder would hold them, so that it is that of a search without a race.
/// If the evaluator is stopped, they are left out.
ScoredLadder scored_ladder(Evaluator&, double error, const std::vector<Objectives>& more, const LadderShape&);

}  // namespace gruve
