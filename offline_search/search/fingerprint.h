// What a run was made of, in a few words: so that a checkpoint is never continued with something else.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "offline_search/search/run.h"

namespace gruve {

/// What must be the same for a checkpoint to be continued.
struct Fingerprint {
    std::string task, scheme, model, data;  // the last two are hashes; scheme with the objectives
    std::uint64_t seed = 0;
    int population = 0;
    bool operator==(const Fingerprint&) const = default;
};

Fingerprint fingerprint(const Task&, const std::vector<FloatNetwork>&, const std::vector<Matrix>& calibration,
                        const Score& float_score, GeneScheme, const SearchSettings&);

}  // namespace gruve
