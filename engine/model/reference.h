// The specification of the integer network: plain scalar loops, deliberately not optimised. Every kernel equals it bit
// for bit.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/model/model.h"

namespace gruve {

/// Memory of one stream through a Model: its state and scratch memory. Only the constructor allocates.
struct ReferenceState {
    explicit ReferenceState(const Model&);
    /// Back to the initial state: h = 0.
    void reset();

    struct Gru {
        std::vector<std::int16_t> h;     // the state: Q15, or narrow (GruLayer::narrow_state)
        std::vector<std::int16_t> next;  // scratch: h' while h is still read
        std::vector<std::int8_t> copy;   // h as the products read it
    };
    // In order: for each GruLayer one per band, for each BandGruLayer one that both directions use in turn.
    std::vector<Gru> gru;
    std::vector<std::int16_t> path;                 // networks of bands: the path, a band's channels side by side
    std::vector<std::int8_t> activations, outputs;  // scratch: the current layer's input and output
};

/// One step: x_q (input_size) → y_q (output_size). The model must pass check(). Slow, but allocates nothing.
void reference_step(const Model&, ReferenceState&, std::span<const std::int8_t> x_q, std::span<std::int16_t> y_q);

}  // namespace gruve
