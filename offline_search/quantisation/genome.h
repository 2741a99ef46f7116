// The genome of the search: the bit widths of a whole network.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/model/operators.h"
#include "offline_search/network/float_network.h"

namespace gruve {

struct Genome {
    std::uint8_t network = 0;      // index of the quantiser's float network
    std::uint8_t input = 8;        // width of the network's input
    bool row_multipliers = true;   // one multiplier per row of every matrix; false: one per matrix
    std::uint8_t bias_width = 16;  // 8 or 16
    struct Layer {
        GruWidths gru{};       // of a GRU layer; of both directions of one over the bands
        DenseWidths dense{};   // of a dense layer
        std::uint8_t sum = 8;  // of what a dense layer that adds leaves for the next product
        bool operator==(const Layer&) const = default;
    };
    std::vector<Layer> layers;
    bool operator==(const Genome&) const = default;
};

/// The genome with the same width, 2..8, everywhere. A last layer without a table and layers that add keep 16 bits for
/// their outputs, which cost no parameter bytes.
Genome homogeneous(const FloatNetwork&, int width);

}  // namespace gruve
