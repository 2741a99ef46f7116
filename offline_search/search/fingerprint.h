// Identifies the inputs of a search, so that a checkpoint is never continued with others.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "offline_search/search/run.h"

namespace gruve {

/// All of it must be the same for a checkpoint to be continued.
struct Fingerprint {
    std::string task, scheme, model, data;  // model, data: hashes; scheme: " with ns" added for a third objective, and
                                            // " ranked by heard" where that isn't the usual metric
    std::uint64_t seed = 0;
    int population = 0;
    bool operator==(const Fingerprint&) const = default;
};

/// calibration stands for the training data, float_score (of the validation split) for the validation data.
Fingerprint fingerprint(const Task&, const std::vector<FloatNetwork>&, const std::vector<Matrix>& calibration,
                        const Score& float_score, GeneScheme, const SearchSettings&);

}  // namespace gruve
