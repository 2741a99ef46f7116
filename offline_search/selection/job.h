// `gruve search` without its command line: calibrate, search, judge, write presets and search.json.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "offline_search/search/cluster.h"
#include "offline_search/search/genes.h"
#include "offline_search/search/run.h"
#include "offline_search/selection/result.h"
#include "offline_search/tasks/task.h"

namespace gruve {

/// Which points are fine-tuned before presets are written.
enum class FineTuning : std::uint8_t {
    none,
    best,   // the recommended point and a few smaller ones: one of these may become the recommended one
    front,  // all that become presets, too
};

struct SearchJob {
    SearchSettings settings;
    GeneScheme scheme = GeneScheme::gruve;
    bool cost_objective = false;  // the measured nanoseconds of a step are a third objective
    int calibration = 300;        // sequences
    FineTuning fine_tuning = FineTuning::none;
    int fine_tuning_epochs = 5;
    int jobs = 2;
    bool resume = false;
    std::filesystem::path out;
    std::string name;        // the presets are called <name>-…; empty: the task's
    std::string provenance;  // data and licence, kept in the presets
};

/// What the other processes of a cluster do: score what the first one sends, until it is done.
void serve_search(Task&, const std::vector<FloatNetwork>&, const SearchJob&, Cluster&);

/// networks: the one that homogeneous 8 bit is made of, then those of other hidden sizes, which become a gene (genes.h).
/// Writes out/presets/*.gruve, out/search.json, out/checkpoint.json. Presets don't depend on jobs, nor on a resume.
/// Chooses by the validation split; the test split is scored once, at the end, for what was chosen.
/// Throws DataError where an unfinished or finished search lies in `out` and resume is false, or the checkpoint doesn't fit.
SearchResult run_search_job(Task&, const std::vector<FloatNetwork>& networks, const SearchJob&,
                            const std::function<void(const SearchProgress&)>& progress,
                            const std::function<void(const std::string&)>& say, std::function<bool()> stop = {},
                            Cluster* cluster = nullptr);

}  // namespace gruve
