// Where a training stands after an epoch, on disk: an interrupted training continues to the same model.
#pragma once

#include <limits>

#include "offline_search/training/adam.h"

namespace gruve {

struct TrainingState {
    int epoch = 0;  // epochs that are done
    double best_value = -std::numeric_limits<double>::infinity();
    FloatNetwork network, best = {};  // best: by development data, where the training has some
    FloatNetwork average = {};        // of the network's weights, where the training wants one
    Adam adam;
};

/// `run` says in words what is trained (task, data, seed, every setting that changes the result); written aside and renamed.
void save_training_state(const std::filesystem::path&, const std::string& run, TrainingState& state);

/// Fills a state of the same shapes and returns true; false where there is no such file. Throws DataError where the file is of
/// another run or damaged.
bool load_training_state(const std::filesystem::path&, const std::string& run, TrainingState& state);

}  // namespace gruve
