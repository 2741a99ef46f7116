// The float network: what training makes and quantisation starts from. Same layers and gate order as PyTorch.
#pragma once

#include <Eigen/Core>
#include <filesystem>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "engine/model/model.h"

namespace gruve {

using Matrix = Eigen::MatrixXf;  // a sequence is features × steps: one column a step
using Vector = Eigen::VectorXf;

struct FloatDense {
    Activation activation = Activation::none;
    Matrix weight;  // output × input
    Vector bias;
};

/// r, z, n stacked as in PyTorch: weight_ih 3H × I, weight_hh 3H × H, bias_ih and bias_hh 3H.
struct FloatGru {
    Matrix weight_ih, weight_hh;
    Vector bias_ih, bias_hh;
    int hidden_size() const { return static_cast<int>(weight_hh.cols()); }
    int input_size() const { return static_cast<int>(weight_ih.cols()); }
};

using FloatLayer = std::variant<FloatDense, FloatGru>;

struct FloatNetwork {
    std::vector<FloatLayer> layers;
    std::map<std::string, std::string> metadata;  // task, labels (JSON), seed, scores, …; kept in the file

    int input_size() const;
    int output_size() const;
    /// features × steps → outputs × steps, from a zero state.
    Matrix forward(const Matrix& sequence) const;
};

}  // namespace gruve
