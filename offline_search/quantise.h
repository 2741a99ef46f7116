// Float network + calibration data + widths → integer Model. Requantises once per operator and width, then only assembles.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/model.h"
#include "offline_search/float_network.h"

namespace gruve {

/// Widths of a whole network: genes of the search.
struct Genome {
    std::uint8_t input = 8;
    struct Layer {
        GruWidths gru{};      // GRU layers
        DenseWidths dense{};  // dense layers
        bool operator==(const Layer&) const = default;
    };
    std::vector<Layer> layers;
    bool operator==(const Genome&) const = default;
};

/// How a genome becomes a model.
struct Scheme {
    bool narrow_state = false;      // paper mode
    bool row_multipliers = true;    // else one per matrix
    int bias_width = 16;            // or 8
    bool gptq = true;               // else round to nearest with the searched scale
};

/// All widths equal (homogeneous w bit).
Genome homogeneous(const FloatNetwork&, int width);

/// Holds the calibration statistics and a cache by (layer, operator, width). Thread-safe after construction.
class Quantiser {
public:
    Quantiser(FloatNetwork network, const std::vector<Matrix>& calibration, Scheme scheme);
    ~Quantiser();
    /// Result passes check(Model). Deterministic.
    Model assemble(const Genome&) const;
    const FloatNetwork& network() const;
private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace gruve
