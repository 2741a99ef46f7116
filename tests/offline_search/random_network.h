// A GRU with random weights, and smooth random sequences, to quantise without data.
#pragma once

#include <random>
#include <vector>

#include "offline_search/network/float_network.h"

namespace gruve {

inline Matrix random_matrix(std::mt19937_64& random, Eigen::Index rows, Eigen::Index cols, float deviation) {
    std::normal_distribution<float> normal(0.0f, deviation);
    Matrix result(rows, cols);
    for (Eigen::Index i = 0; i < result.size(); ++i) result.data()[i] = normal(random);
    return result;
}

/// input → GRU → dense without activation.
inline FloatNetwork random_network(std::uint64_t seed, int inputs, int hidden, int outputs) {
    std::mt19937_64 random(seed);
    const float spread = 1.5f / std::sqrt(static_cast<float>(hidden));
    FloatGru gru;
    gru.weight_ih = random_matrix(random, 3 * hidden, inputs, spread);
    gru.weight_hh = random_matrix(random, 3 * hidden, hidden, spread);
    gru.bias_ih = random_matrix(random, 3 * hidden, 1, 0.3f);
    gru.bias_hh = random_matrix(random, 3 * hidden, 1, 0.3f);
    FloatDense dense;
    dense.weight = random_matrix(random, outputs, hidden, spread);
    dense.bias = random_matrix(random, outputs, 1, 0.1f);
    FloatNetwork network;
    network.layers = {gru, dense};
    return network;
}

/// `offset` is added to all features, so that their range is not symmetric.
inline std::vector<Matrix> random_sequences(std::uint64_t seed, int count, int features, int steps,
                                            float offset = 0.5f) {
    std::mt19937_64 random(seed);
    std::vector<Matrix> sequences;
    for (int i = 0; i < count; ++i) {
        Matrix sequence = random_matrix(random, features, steps, 1.0f);
        for (int t = 1; t < steps; ++t) sequence.col(t) = 0.7f * sequence.col(t - 1) + 0.7f * sequence.col(t);
        sequences.push_back(sequence.array() + offset);
    }
    return sequences;
}

}  // namespace gruve
