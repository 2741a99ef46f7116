// Genomes to score, and their scores. A race (race.h) may leave a score at a lower bound.
#pragma once

#include <vector>

#include "offline_search/search/front.h"

namespace gruve {

struct Work {
    std::vector<Genes> genomes;
    /// A genome may be dropped whose error is above that of a member with as many bytes or fewer. Empty: none is.
    std::vector<Objectives> bar = {};
};

struct Scored {
    Objectives objectives;
    bool whole = true;  // false: the genome was dropped; `error` is a lower bound, and `value` is 0
    bool operator==(const Scored&) const = default;
};

}  // namespace gruve
