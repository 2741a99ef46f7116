// What a search is asked to do: the options of `gruve search`.
#pragma once

#include <filesystem>
#include <string>

#include "offline_search/search/genes.h"
#include "offline_search/search/run.h"
#include "offline_search/selection/tuning.h"
#include "offline_search/tasks/task.h"

namespace gruve {

struct SearchJob {
    SearchSettings settings;
    GeneScheme scheme = GeneScheme::gruve;
    bool cost_objective = false;  // makes the measured nanoseconds of a step a third objective
    std::string rank;             // what the task ranks by, as --rank names it; empty: its usual metric
    int calibration = 300;        // training sequences
    FineTuning fine_tuning = FineTuning::none;
    int fine_tuning_epochs = 5;
    int jobs = 2;                   // threads; never changes the result
    std::filesystem::path earlier;  // search.json of an earlier search of a network of the same shape; empty: none
    bool resume = false;            // continue from the checkpoint in `out`, where there is one
    std::filesystem::path out;
    std::string name;        // presets are called <name>-…; empty: the task's name
    std::string provenance;  // data and licence, kept in the presets
};

}  // namespace gruve
