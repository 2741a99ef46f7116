// The bit widths of a whole network.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/model/operators.h"
#include "offline_search/network/float_network.h"

namespace gruve {

/// Widths of a whole network: genes of the search.
struct Genome {
    std::uint8_t network = 0;  // which of the quantiser's float networks
    std::uint8_t input = 8;
    bool row_multipliers = true;   // of every matrix, else one per matrix
    std::uint8_t bias_width = 16;  // or 8
    struct Layer {
        GruWidths gru{};      // GRU layers
        DenseWidths dense{};  // dense layers
        bool operator==(const Layer&) const = default;
    };
    std::vector<Layer> layers;
    bool operator==(const Genome&) const = default;
};

/// All widths equal (homogeneous w bit, 2..8). An output layer without a table keeps its 16 bits: they cost no bytes.
Genome homogeneous(const FloatNetwork&, int width);

}  // namespace gruve
