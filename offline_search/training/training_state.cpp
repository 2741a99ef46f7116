#include "offline_search/training/training_state.h"

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "datasets/support/data_error.h"
#include "offline_search/files/write_file.h"
#include "offline_search/training/backprop.h"

namespace gruve {
namespace {

// File format: one line of JSON, then the floats of network, best, average and both moments of Adam, in the byte order
// of the machine.

std::vector<std::span<float>> floats_of(TrainingState& state) {
    std::vector<std::span<float>> all;
    for (FloatNetwork* network : {&state.network, &state.best, &state.average}) {
        const auto part = parameters(*network);
        all.insert(all.end(), part.begin(), part.end());
    }
    const auto moments = state.adam.moments();
    all.insert(all.end(), moments.begin(), moments.end());
    return all;
}

}  // namespace

void save_training_state(const std::filesystem::path& path, const std::string& run, TrainingState& state) {
    const nlohmann::json head = {
        {"run", run},
        {"epoch", state.epoch},
        {"adam_steps", state.adam.steps_done()},
        {"best_value", std::isfinite(state.best_value) ? nlohmann::json(state.best_value) : nlohmann::json()}};
    std::string contents = head.dump() + '\n';
    for (const auto values : floats_of(state))
        contents.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
    write_file(path, contents);
}

bool load_training_state(const std::filesystem::path& path, const std::string& run, TrainingState& state) {
    if (!std::filesystem::exists(path)) return false;
    const std::string contents = read_text(path);
    const std::size_t line = contents.find('\n');
    const auto head = nlohmann::json::parse(contents.substr(0, line), nullptr, false);
    if (line == std::string::npos || !head.is_object() || !head.contains("run") || !head["run"].is_string())
        throw DataError(path.string() + ": not the state of a training");
    if (const auto found = head["run"].get<std::string>(); found != run)
        throw DataError(path.string() + ": the state of another training.\n  found:  " + found + "\n  wanted: " + run +
                        "\nStart anew without --resume.");

    const auto all = floats_of(state);
    std::size_t wanted = line + 1;
    for (const auto values : all) wanted += values.size_bytes();
    if (contents.size() != wanted)
        throw DataError(path.string() + ": " + std::to_string(contents.size()) + " bytes, expected " +
                        std::to_string(wanted));
    const char* from = contents.data() + line + 1;
    for (const auto values : all) {
        std::memcpy(values.data(), from, values.size_bytes());
        from += values.size_bytes();
    }
    state.epoch = head.value("epoch", 0);
    state.adam.set_steps_done(head.value("adam_steps", 0));
    if (head.contains("best_value") && head["best_value"].is_number())
        state.best_value = head["best_value"].get<double>();
    return true;
}

}  // namespace gruve
