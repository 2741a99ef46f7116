// The specification of the integer network: plain scalar loops, never optimised. Every kernel equals it bit for bit.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/model/model.h"

namespace gruve {

/// Memory of one stream through a Model: everything that changes from step to step, and scratch.
struct ReferenceState {
    explicit ReferenceState(const Model&);
    void reset();

    struct Gru {
        std::vector<std::int16_t> h;     // the state, Q15 (or narrow)
        std::vector<std::int16_t> next;  // scratch: h' while h is still read
        std::vector<std::int8_t> copy;   // what the products read
    };
    std::vector<Gru> gru;                           // one per GRU layer, in order
    std::vector<std::int8_t> activations, outputs;  // scratch: the current layer's input and output
};

/// One step: x_q (input_size) → y_q (output_size). `model` must pass check(). Slow, but allocates nothing.
void reference_step(const Model&, ReferenceState&, std::span<const std::int8_t> x_q, std::span<std::int16_t> y_q);

}  // namespace gruve
