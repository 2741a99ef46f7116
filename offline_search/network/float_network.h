// The float network that training makes and quantisation starts from. Layers and gate order are PyTorch's.
#pragma once

#include <Eigen/Core>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "engine/model/model.h"

namespace gruve {

using Matrix = Eigen::MatrixXf;  // a sequence is features × steps: one column per step
using Vector = Eigen::VectorXf;

struct FloatDense {
    Activation activation = Activation::none;
    Matrix weight;  // output × input
    Vector bias;
};

/// With I inputs and H units: weight_ih is 3H × I, weight_hh 3H × H, bias_ih and bias_hh have 3H values. The gates r,
/// z, n are stacked in this order, as in PyTorch.
struct FloatGru {
    Matrix weight_ih, weight_hh;
    Vector bias_ih, bias_hh;
    int hidden_size() const { return static_cast<int>(weight_hh.cols()); }
    int input_size() const { return static_cast<int>(weight_ih.cols()); }
};

using FloatLayer = std::variant<FloatDense, FloatGru>;

struct FloatNetwork {
    std::vector<FloatLayer> layers;
    std::map<std::string, std::string> metadata;  // task, labels (JSON), seed, scores, …; saved with the network

    int input_size() const;
    int output_size() const;
    /// Runs a sequence (features × steps) from a zero state; returns outputs × steps.
    Matrix forward(const Matrix& sequence) const;
};

}  // namespace gruve
