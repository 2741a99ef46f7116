// The result of a search: written to search.json, read by the report.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/preset/metric.h"
#include "offline_search/search/run.h"
#include "offline_search/selection/paired_loss.h"

namespace gruve {

/// Presets that lose more than this many tolerances against homogeneous 8 bit help nobody.
inline constexpr double useful_tolerances = 20;

/// What validation says of a preset's loss against homogeneous 8 bit, in the unit of Score::error (judge.h).
struct LossEvidence {
    struct Clips {
        double mean = 0, upper = 0, allowed = 0;  // the loss, its one-sided bound, and the tolerance
    };
    Clips plain;           // on the validation clips, by which the search has chosen; bound at 95 %
    Clips altered;         // on fresh material; bound at `confidence`
    int units = 0;         // speakers, or clips where the split isn't by speaker; 0: nothing was noted
    int units_needed = 0;  // until that bound is within tolerance, if mean and spread stay; 0: no number would do
    int rounds = 0;        // draws of every fresh clip; 0: an earlier rule, which judged both sets at 95 %
    double confidence = 0.95;
};

/// A test of a candidate for the recommendation, in the fallback procedure (choose.h).
struct Trial {
    double bytes = 0;
    bool fine_tuned = false;
    LossEvidence::Clips loss;  // on fresh material, with the bound at `confidence`
    double confidence = 0;     // 1 − the level that the procedure has given this test
    int rounds = 0;            // draws of every clip
    bool passed = false;
};

/// A genome with its scores on both splits.
struct JudgedPoint {
    std::string name;  // the preset's; "8 bit" for homogeneous points without a preset
    std::string file;  // the preset's path below the search's folder; empty where there is no preset
    Point point;
    Score validation, test;
    bool recommended = false, fine_tuned = false;
    LossEvidence evidence = {};  // of the recommended preset, and of the smallest whose loss as measured is tolerable
    MetricLoss test_loss = {};   // against homogeneous 8 bit; no units: not noted
};

struct GeneInfo {
    std::string name;
    std::vector<int> widths;  // by level: bits, or units of a hidden layer
};

struct SearchResult {
    std::string task, metric, scheme, command, model_hash, data_hash;  // metric: the id of a Metric
    std::string shown_metric = {};  // that of Score::shown; empty where the scores have none
    double tolerance = 0;           // in the metric's own unit
    std::uint64_t seed = 0;
    int population = 0, generations = 0, calibration = 0;
    bool interrupted = false;
    Score float_validation, float_test;
    std::vector<GeneInfo> genes;
    std::vector<JudgedPoint> homogeneous;  // 8, 7, … 2 bits
    std::vector<JudgedPoint> sizes;        // homogeneous 8 bit of each hidden size, by rising size; empty with one
    std::vector<JudgedPoint> presets;      // by rising bytes
    std::vector<Trial> trials;             // from large to small; empty for an earlier rule
    std::vector<Point> archive;            // the whole front, by rising bytes
    std::vector<GenerationRecord> history;
    std::vector<Sensitivity> sensitivity;
    Objectives reference;
    double hypervolume_homogeneous = 0, hypervolume_front = 0;  // shares, as in GenerationRecord
};

/// Throws DataError where the file can't be written.
void save_result(const std::filesystem::path&, const SearchResult&);
/// Throws DataError for a file that can't be read or isn't the result of a search.
SearchResult load_result(const std::filesystem::path&);

/// The recommended preset; nullptr where there is none.
const JudgedPoint* recommended(const SearchResult&);
/// How much smaller than homogeneous 8 bit: 1 − bytes / bytes of homogeneous 8 bit.
double reduction(const SearchResult&, const Point&);
/// The points of the front whose error is at most useful_tolerances above that of homogeneous 8 bit, by rising bytes.
std::vector<const Point*> useful_points(const SearchResult&);
/// "97.32 % ± 1.61", "6.31 dB ± 0.22": the value and half of its 95 % interval.
std::string score_text(const Score&, const Metric&);
/// The same of Score::shown in the result's shown_metric; "" where there is none.
std::string shown_text(const SearchResult&, const Score&);

}  // namespace gruve
