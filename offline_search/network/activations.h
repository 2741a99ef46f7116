// σ and tanh as training and the float network compute them: one definition for both.
#pragma once

#include <Eigen/Core>

namespace gruve {

/// In place. σ(x) = (1 + tanh(x/2)) / 2: one vectorised function for both.
template <typename Block>
void apply_sigmoid(Block&& x) {
    x.array() = 0.5f * (0.5f * x.array()).tanh() + 0.5f;
}
template <typename Block>
void apply_tanh(Block&& x) {
    x.array() = x.array().tanh();
}

}  // namespace gruve
