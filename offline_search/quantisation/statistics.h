// Statistics of a float network's signals for quantisation: the moments of each matrix's input, and samples of every
// activation.
#pragma once

#include <Eigen/Core>
#include <variant>
#include <vector>

#include "offline_search/network/float_network.h"

namespace gruve {

/// Moments of the vectors x that one matrix reads.
struct Moments {
    Eigen::VectorXd mean;
    Eigen::MatrixXd covariance;  // E[xxᵀ] − E[x]E[x]ᵀ; the bias absorbs the effect of a weight error on the mean
};

using Samples = std::vector<float>;  // an evenly spaced subset of one signal's values, from all units

struct GruStatistics {
    Moments input, state;
    Samples pre_r, pre_z, pre_n;  // before σ, σ, tanh
    Samples hn;                   // W_hn h + b_hn
    Samples product_reset;        // r ⊙ hn
    Samples state_values;         // h
};

/// The directions of a GRU over the bands. Both read the same input.
struct BandGruStatistics {
    GruStatistics forward, backward;
};

struct DenseStatistics {
    Moments input;
    Samples pre_activation;
    Samples path;  // of a layer that adds: the sum that it leaves
};

struct Statistics {
    Samples input;  // of the network
    std::vector<std::variant<DenseStatistics, GruStatistics, BandGruStatistics>> layers;
    double largest_path = 0;  // largest size of a value that the dense layers of a network of bands leave
};

inline constexpr int min_calibration_steps = 64;

/// Runs the float network on calibration sequences (features × steps). Throws DataError for fewer than
/// min_calibration_steps steps in all, for a sequence with a wrong number of features, and for weights or values that
/// are not finite (the message says where).
Statistics calibrate(const FloatNetwork&, const std::vector<Matrix>& sequences);

}  // namespace gruve
