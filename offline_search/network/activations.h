// σ and tanh in float, shared by training and the float network so that both compute the same.
#pragma once

#include <Eigen/Core>

namespace gruve {

/// In place. σ(x) = (1 + tanh(x/2)) / 2, so that Eigen's vectorised tanh serves both.
template <typename Block>
void apply_sigmoid(Block&& x) {
    x.array() = 0.5f * (0.5f * x.array()).tanh() + 0.5f;
}
template <typename Block>
void apply_tanh(Block&& x) {
    x.array() = x.array().tanh();
}

}  // namespace gruve
