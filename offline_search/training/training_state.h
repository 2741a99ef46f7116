// The state of a training after an epoch, in a file, so that an interrupted training continues to the same model.
#pragma once

#include <filesystem>
#include <limits>

#include "offline_search/training/adam.h"

namespace gruve {

struct TrainingState {
    int epoch = 0;  // finished epochs
    double best_value = -std::numeric_limits<double>::infinity();
    FloatNetwork network;
    FloatNetwork best = {};     // by development score; without layers if there is none
    FloatNetwork average = {};  // of the network's weights; without layers if they aren't averaged
    Adam adam;
};

/// run: names everything that the result depends on (data, seed, all settings). Writes to a temporary file and renames
/// it.
void save_training_state(const std::filesystem::path&, const std::string& run, TrainingState& state);

/// Fills a state of the same shapes. Returns false if there is no such file. Throws DataError if the file is damaged or
/// belongs to another run.
bool load_training_state(const std::filesystem::path&, const std::string& run, TrainingState& state);

}  // namespace gruve
