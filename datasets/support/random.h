// Random numbers that are the same with every standard library (std::uniform_* and std::shuffle are not).
#pragma once

#include <cmath>
#include <cstddef>
#include <numbers>
#include <random>
#include <utility>

#include "datasets/support/hash.h"  // hash_of() makes the generators' seeds

namespace gruve {

/// Uniform in [0, 1), 53 bits.
inline double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11) * 0x1p-53; }

/// Uniform in [low, high).
inline double uniform(std::mt19937_64& random, double low, double high) { return low + (high - low) * uniform(random); }

/// Uniform in 0..count−1; count ≥ 1. The bias is below count/2^53.
inline std::size_t uniform_index(std::mt19937_64& random, std::size_t count) {
    return static_cast<std::size_t>(uniform(random) * static_cast<double>(count));
}

inline bool chance(std::mt19937_64& random, double probability) { return uniform(random) < probability; }

/// Normal distribution with mean 0 and variance 1 (Box–Muller transform).
inline double normal(std::mt19937_64& random) {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform(random)));
    return radius * std::cos(2.0 * std::numbers::pi * uniform(random));
}

/// Fisher–Yates shuffle.
template <class Container>
void shuffle(Container& items, std::mt19937_64& random) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[uniform_index(random, i)]);
}

}  // namespace gruve
