// The network before quantisation: what bit widths are compared with by ear. Plain loops, not made for speed; never in a device.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "engine/model/model.h"

namespace gruve {

/// The layers of Model with real weights. Matrices lie column by column, so that a step adds columns.
struct FloatModel {
    /// y = activation(weight x + bias)
    struct Dense {
        Activation activation = Activation::none;
        int input_size = 0, output_size = 0;
        std::vector<float> weight, bias;  // output_size × input_size, output_size
        bool operator==(const Dense&) const = default;
    };
    /// PyTorch's GRU: r, z, n stacked; reset after the recurrent product.
    struct Gru {
        int input_size = 0, hidden_size = 0;
        std::vector<float> weight_ih, weight_hh, bias_ih, bias_hh;  // 3H × I, 3H × H, 3H, 3H
        bool operator==(const Gru&) const = default;
    };
    using Layer = std::variant<Dense, Gru>;

    std::vector<Layer> layers;

    int input_size() const;
    int output_size() const;
    std::size_t parameter_bytes() const;
    bool operator==(const FloatModel&) const = default;
};

/// Empty when shapes fit, sizes are within 1..4096 and every number is finite; else one sentence.
std::string check(const FloatModel&);

}  // namespace gruve
