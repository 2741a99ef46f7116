// The layers of a float network. Layers and gate order are PyTorch's.
#pragma once

#include <Eigen/Core>
#include <variant>

#include "engine/model/model.h"

namespace gruve {

using Matrix = Eigen::MatrixXf;  // a sequence is features × steps: one column per step
using Vector = Eigen::VectorXf;

struct FloatDense {
    Activation activation = Activation::none;
    Matrix weight;  // output × input
    Vector bias;
    // In a network of bands alone:
    Matrix by_band = {};  // output × bands, added to the bias; empty: the bands don't differ
    bool adds = false;    // adds to what the last dense layer gave, in place of replacing it
};

/// With I inputs and H units: weight_ih is 3H × I, weight_hh 3H × H, bias_ih and bias_hh have 3H values. The gates r,
/// z, n are stacked in this order, as in PyTorch.
struct FloatGru {
    Matrix weight_ih, weight_hh;
    Vector bias_ih, bias_hh;
    int hidden_size() const { return static_cast<int>(weight_hh.cols()); }
    int input_size() const { return static_cast<int>(weight_ih.cols()); }
};

/// Two GRUs of equal sizes over the bands of a frame: from the first to the last, and from the last to the first. Both
/// begin at zero in every frame. A band's outputs are those of `forward`, then those of `backward`.
struct FloatBandGru {
    FloatGru forward, backward;
    int hidden_size() const { return forward.hidden_size(); }  // of each
    int input_size() const { return forward.input_size(); }
};

using FloatLayer = std::variant<FloatDense, FloatGru, FloatBandGru>;

/// Channels that a layer reads and gives.
int input_size(const FloatLayer&);
int output_size(const FloatLayer&);

}  // namespace gruve
