// The float layers as plain loops: what the kernels are compared with, within a tolerance.
#pragma once

#include <span>

#include "engine/model/float_model.h"

namespace gruve::float_kernels {

/// y = activation(weight x + bias). Real-time safe, like gru_step().
void plain_step(const FloatModel::Dense&, std::span<const float> x, std::span<float> y) noexcept;
/// One step of the state h. `scratch` holds 6·hidden_size floats.
void plain_step(const FloatModel::Gru&, std::span<const float> x, std::span<float> h,
                std::span<float> scratch) noexcept;

}  // namespace gruve::float_kernels
