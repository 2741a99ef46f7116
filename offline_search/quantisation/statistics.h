// What quantisation needs to know of a float network's signals: moments of what each matrix reads, samples of every activation.
#pragma once

#include <Eigen/Core>
#include <variant>
#include <vector>

#include "offline_search/network/float_network.h"

namespace gruve {

/// Moments of the vectors x that one matrix multiplies.
struct Moments {
    Eigen::VectorXd mean;
    Eigen::MatrixXd covariance;  // E[xxᵀ] − E[x]E[x]ᵀ: the mean's part of a weight error goes into the bias
};

using Samples = std::vector<float>;  // an even subset of one signal's values, all units

struct GruStatistics {
    Moments input, state;
    Samples pre_r, pre_z, pre_n;  // before σ, σ, tanh
    Samples hn;                   // W_hn h + b_hn
    Samples product_reset;        // r ⊙ hn
    Samples state_values;         // h
};

struct DenseStatistics {
    Moments input;
    Samples pre_activation;
};

struct Statistics {
    Samples input;
    std::vector<std::variant<DenseStatistics, GruStatistics>> layers;
};

inline constexpr int min_calibration_steps = 64;

/// Runs the float network on calibration sequences (features × steps). Throws DataError for fewer than min_calibration_steps steps,
/// sequences of another feature count, or values that aren't finite (weights or sequences, named).
Statistics calibrate(const FloatNetwork&, const std::vector<Matrix>& sequences);

}  // namespace gruve
