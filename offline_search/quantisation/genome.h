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
        GruWidths gru{};      // of a GRU layer
        DenseWidths dense{};  // of a dense layer
        bool operator==(const Layer&) const = default;
    };
    std::vector<Layer> layers;
    bool operator==(const Genome&) const = default;
};

/// The genome with the same width, 2..8, everywhere. A last layer without a table keeps 16 bits for its output, which
/// cost no parameter bytes.
Genome homogeneous(const FloatNetwork&, int width);

}  // namespace gruve
