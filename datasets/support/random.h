// Random numbers that are the same with every standard library (std::uniform_* and std::shuffle are not).
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <random>
#include <string_view>
#include <utility>

namespace gruve {

/// Uniform in [0, 1), 53 bits.
inline double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11) * 0x1p-53; }

inline double uniform(std::mt19937_64& random, double low, double high) { return low + (high - low) * uniform(random); }

/// Uniform in 0..count−1; count ≥ 1. The bias of the product is below count/2^53.
inline std::size_t uniform_index(std::mt19937_64& random, std::size_t count) {
    return static_cast<std::size_t>(uniform(random) * static_cast<double>(count));
}

inline bool chance(std::mt19937_64& random, double probability) { return uniform(random) < probability; }

/// Mean 0, variance 1 (Box and Muller).
inline double normal(std::mt19937_64& random) {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform(random)));
    return radius * std::cos(2.0 * std::numbers::pi * uniform(random));
}

/// Fisher and Yates.
template <class Container>
void shuffle(Container& items, std::mt19937_64& random) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[uniform_index(random, i)]);
}

/// FNV-1a with a final mix, so that names that differ in one character land far apart.
inline std::uint64_t hash_of(std::string_view text, std::uint64_t seed) {
    std::uint64_t hash = 0xcbf29ce484222325u ^ (seed * 0x9e3779b97f4a7c15u);
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
    hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
    return hash ^ (hash >> 31);
}

}  // namespace gruve
