// The search: a scan, the first population, then generations with a checkpoint after each.
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

/// What an earlier search, of a network of the same shape, has found: for networks that have learnt further since.
struct EarlierSearch {
    std::vector<Sensitivity> sensitivity = {};  // empty: there is none, and the operators are scanned
    std::vector<Genes> front = {};              // scored with the first population
};

struct SearchSettings {
    std::uint64_t seed = 1;
    int population = 40;  // a multiple of 4, at least 8
    int generations = 60;
    Nsga2Settings nsga2;
    bool race = true;  // race.h; changes the time alone, as far as the task's bounds hold
    EarlierSearch earlier = {};
};

/// The progress after one generation. Generation 0 is the first population.
struct GenerationRecord {
    int generation = 0;
    std::int64_t evaluations = 0;
    double hypervolume = 0;  // as a share of the box between the reference and the float network at no bytes
    Objectives best;         // of the smallest point within the tolerance of homogeneous 8 bit
    bool operator==(const GenerationRecord&) const = default;
};

/// The whole state of a search between two generations.
struct SearchState {
    int generation = -1;                   // the last finished one; −1: none
    std::vector<Sensitivity> sensitivity;  // of the earlier search, where there is one
    std::vector<Point> homogeneous;        // 8, 7, … 2 bits
    Objectives reference;  // of the hypervolume: the worst homogeneous error, the bytes of homogeneous 8 bit
    std::vector<Point> population;
    Archive archive;
    std::vector<GenerationRecord> history;
    std::vector<double> costs;  // measured once; empty where the cost of a step is no objective (step_cost.h)
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

/// Runs from `state` (empty, or of a checkpoint) to settings.generations. Calls `checkpoint` and `progress` after
/// each generation. float_error: the float network's error. tolerance: of the task, in the error's unit. Where the
/// evaluator throws Interrupted, returns the state after the last finished generation; rethrows it where there is
/// none. Throws std::invalid_argument for settings out of range.
SearchRun run_search(Evaluator&, const FloatNetwork&, double float_error, double tolerance, const SearchSettings&,
                     SearchState state, const std::function<void(const SearchState&)>& checkpoint,
                     const std::function<void(const SearchProgress&)>& progress);

}  // namespace gruve
