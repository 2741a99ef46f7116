// The options of every training.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace gruve {

struct TrainOptions {
    int hidden = 64, layers = 1;  // units of each GRU layer; GRU layers
    int epochs = 0;               // 0: as many as the task's recipe says
    std::uint64_t seed = 1;
    int jobs = 2;                      // threads; never change the result
    std::filesystem::path from = {};   // a model of any width to start from; empty: random weights
    std::filesystem::path state = {};  // file for the training state after each epoch; empty: not saved
    bool resume = false;               // continue from `state` if it exists
};

/// Called with a line of progress after each epoch, or more often. Returning false asks for a clean stop.
using Progress = std::function<bool(const std::string& line)>;

}  // namespace gruve
