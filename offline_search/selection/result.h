// What a search leaves behind in search.json, and what the report reads.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "offline_search/search/run.h"

namespace gruve {

/// A genome scored on both splits.
struct JudgedPoint {
    std::string name;  // of its preset file; "8 bit" for homogeneous points that aren't saved
    std::string file;  // below the search's folder; empty where there is no preset
    Point point;
    Score validation, test;
    bool recommended = false, fine_tuned = false;
};

struct GeneInfo {
    std::string name;
    std::vector<int> widths;  // what index i of a genome stands for
};

struct SearchResult {
    std::string task, metric, scheme, command, model_hash, data_hash;
    double tolerance = 0;
    std::uint64_t seed = 0;
    int population = 0, generations = 0, calibration = 0;
    bool interrupted = false;
    Score float_validation, float_test;
    std::vector<GeneInfo> genes;
    std::vector<JudgedPoint> homogeneous;  // 8 … 2 bits
    std::vector<JudgedPoint> presets;      // by rising bytes
    std::vector<Point> archive;            // the whole front
    std::vector<GenerationRecord> history;
    std::vector<Sensitivity> sensitivity;
    Objectives reference;
    double hypervolume_homogeneous = 0, hypervolume_front = 0;  // shares, as in GenerationRecord
};

void save_result(const std::filesystem::path&, const SearchResult&);
/// Throws DataError for a file that can't be read or isn't a search's.
SearchResult load_result(const std::filesystem::path&);

}  // namespace gruve
