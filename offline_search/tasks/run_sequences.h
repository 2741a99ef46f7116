// The integer network over whole sequences, several at a time: as a search hears them.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "engine/kernels/network.h"

namespace gruve {

/// x_q: steps × input_size. `wanted`: of how many steps, the last ones, outputs are asked for.
struct IntegerSequence {
    const std::int8_t* x_q = nullptr;
    int steps = 0, wanted = 0;
};

/// From the state after reset, each sequence for itself: heard(sequence, step, y_q) for every wanted step, a sequence's steps in order.
/// The same integers as Network::step gives.
using Heard = std::function<void(int sequence, int step, std::span<const std::int16_t> y_q)>;
void run_sequences(const Network&, std::span<const IntegerSequence>, const Heard&);

}  // namespace gruve
