// A denoiser's delay, known before one is made.
#pragma once

#include <cmath>

#include "engine/preset/preset.h"

namespace gruve {

/// Samples from input to output: two hops, each half of latency_s rounded to whole samples.
inline int latency_samples(const DenoiserConfig& config, double rate_hz) {
    return 2 * static_cast<int>(std::lround(0.5 * config.latency_s * rate_hz));
}

}  // namespace gruve
