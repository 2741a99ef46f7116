// The network before quantisation, so that people can compare bit widths with it by ear. It is not made for speed and
// not for devices.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "engine/model/model.h"

namespace gruve {

/// The layers of a Model with float weights. Matrices are stored column by column, so that a step adds columns.
struct FloatModel {
    /// y = activation(weight x + bias)
    struct Dense {
        Activation activation = Activation::none;
        int input_size = 0, output_size = 0;
        std::vector<float> weight, bias;  // output_size × input_size; output_size
        // As in DenseLayer, networks of bands only: empty, or output_size × bands; whether y is added to the path.
        std::vector<float> by_band{};
        bool adds = false;
        bool operator==(const Dense&) const = default;
    };
    /// PyTorch's GRU: gates r, z, n stacked, reset gate applied after the recurrent product. H: hidden_size, I:
    /// input_size.
    struct Gru {
        int input_size = 0, hidden_size = 0;
        std::vector<float> weight_ih, weight_hh, bias_ih, bias_hh;  // 3H × I, 3H × H, 3H, 3H
        bool operator==(const Gru&) const = default;
    };
    /// As BandGruLayer: a GRU over the bands of a frame in each direction, of equal sizes.
    struct BandGru {
        Gru forward, backward;
        bool operator==(const BandGru&) const = default;
    };
    using Layer = std::variant<Dense, Gru, BandGru>;

    std::vector<Layer> layers;
    int bands = 1;  // above 1: a network of bands, as in Model

    int input_size() const;
    int output_size() const;
    /// Memory of all weights and biases in bytes.
    std::size_t parameter_bytes() const;
    bool operator==(const FloatModel&) const = default;
};

/// Sizes of one band.
int input_size(const FloatModel::Layer&);
int output_size(const FloatModel::Layer&);

/// Returns an empty string if shapes agree, sizes are in 1..4096, layers stand in the order that Model allows and all
/// numbers are finite, else one sentence about the first fault.
std::string check(const FloatModel&);

}  // namespace gruve
