// The search itself: scan, first population, generations, a checkpoint after each.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "offline_search/search/evaluator.h"
#include "offline_search/search/first_population.h"
#include "offline_search/search/front.h"
#include "offline_search/search/nsga2.h"

namespace gruve {

struct SearchSettings {
    std::uint64_t seed = 1;
    int population = 40;  // a multiple of 4, at least 8
    int generations = 60;
    Nsga2Settings nsga2;
};

/// One line of the story, after each generation (0: the first population).
struct GenerationRecord {
    int generation = 0;
    std::int64_t evaluations = 0;
    double hypervolume = 0;  // share of the box between the reference and the float network at no bytes
    Objectives best;         // smallest point within tolerance of homogeneous 8 bit
    bool operator==(const GenerationRecord&) const = default;
};

/// Everything that a run knows between two generations.
struct SearchState {
    int generation = -1;  // the last one finished; −1: none
    std::vector<Sensitivity> sensitivity;
    std::vector<Point> homogeneous;  // 8 … 2 bits
    Objectives reference;            // of the hypervolume: the worst homogeneous error, the bytes of homogeneous 8 bit
    std::vector<Point> population;
    Archive archive;
    std::vector<GenerationRecord> history;
    std::vector<double> costs;  // measured once, where the step's cost is an objective (step_cost.h)
};

struct SearchProgress {
    GenerationRecord record;
    int generations = 0;
    double evaluations_per_second = 0, seconds_left = 0;
};

struct SearchRun {
    SearchState state;
    bool interrupted = false;
};

/// Runs from `state` (empty, or a checkpoint's) to settings.generations. Calls `checkpoint` and `progress` after each generation.
/// On Interrupted (see Evaluator) returns what the finished generations found; throws it where there is none yet.
SearchRun run_search(Evaluator&, const FloatNetwork&, double float_error, double tolerance, const SearchSettings&,
                     SearchState state, const std::function<void(const SearchState&)>& checkpoint,
                     const std::function<void(const SearchProgress&)>& progress);

/// The smallest point whose error is at most `error`; nullptr where there is none.
const Point* smallest_within(const std::vector<Point>& points, double error);

}  // namespace gruve
