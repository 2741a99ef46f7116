// What every training is told.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace gruve {

struct TrainOptions {
    int hidden = 64, layers = 1, epochs = 0;  // 0: the task's default
    std::uint64_t seed = 1;
    int jobs = 2;                      // never changes the result
    std::filesystem::path from = {};   // a model that the training starts from, of any width; empty: random weights
    std::filesystem::path state = {};  // where the training keeps its state after each epoch; empty: nowhere
    bool resume = false;               // continue from `state` where it is there
};

/// Called a few times a second with one line of progress; returning false asks for a clean stop.
using Progress = std::function<bool(const std::string& line)>;

}  // namespace gruve
