// What a network loses against another one that heard the same, and how sure that is.
#pragma once

#include "offline_search/tasks/task.h"

namespace gruve {

struct PairedLoss {
    double mean = 0;   // error of the one less error of the other
    double upper = 0;  // one-sided 95 % bound of what it is on other units like these
};

/// Part by part; the parts of one unit (a speaker's clips, altered copies of a clip) change together, so that units are what is counted: the
/// sandwich variance of a mean over clusters, Student's t with as many degrees of freedom as units, less one. What of an error is no mean
/// of parts counts as it is, and with fewer than two units nothing is known beyond the mean. Throws std::invalid_argument where the parts aren't the same.
PairedLoss paired_loss(const Score& score, const Score& other);

}  // namespace gruve
