// Assembles the integer layers of a model: float layer + levels + scales + widths → GruLayer or DenseLayer.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/model/model.h"
#include "offline_search/network/float_network.h"
#include "offline_search/quantisation/activation_range.h"
#include "offline_search/quantisation/genome.h"
#include "offline_search/quantisation/weight_quantiser.h"

namespace gruve {

/// The meaning of a signal of small integers: value = (q − zero_point) · scale.
struct Signal {
    double scale = 1;
    int zero_point = 0;
};

/// The choices of a genome and a scheme for one layer.
struct LayerFormat {
    Genome::Layer widths;
    bool row_multipliers = true;
    std::uint8_t bias_width = 16;
    bool narrow_state = false;  // GRU only
};

/// What a dense layer of a network of bands leaves: its path (engine/model/model.h).
struct PathFormat {
    double scale = 1;       // real value of one level of the path
    std::uint8_t lift = 0;  // of a layer that starts it
    double copy_scale = 1;  // of a layer that adds: real value of one level of what the next layer reads
};

struct AssembledLayer {
    Layer layer;
    Signal output;  // read by the next layer
};

/// `matrices` holds ir, iz, in, hr, hz, hn. Of `source`, sizes and biases are read; the matrices' mean errors are added
/// to the biases.
AssembledLayer assemble_gru(const FloatGru& source, const std::vector<QuantisedMatrix>& matrices,
                            const ActivationScales&, const LayerFormat&, Signal input);

/// Of `source`, biases and activation are read; the matrix's mean error is added to the bias. path: null for the last
/// layer and in a chain.
AssembledLayer assemble_dense(const FloatDense& source, const QuantisedMatrix&, const ActivationScales&,
                              const LayerFormat&, Signal input, const PathFormat* path = nullptr);
/// The real value of one level of the outputs of a dense layer that doesn't add.
double output_scale(const FloatDense&, const ActivationScales&, const DenseWidths&);

}  // namespace gruve
