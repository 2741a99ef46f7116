// Runs the integer network over whole sequences, several at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "engine/kernels/network.h"

namespace gruve {

/// x_q: steps × input_size. wanted: the number of steps, at the end, whose outputs are computed.
struct IntegerSequence {
    const std::int8_t* x_q = nullptr;
    int steps = 0, wanted = 0;
};

/// Called for every wanted step, the steps of a sequence in order.
using Heard = std::function<void(int sequence, int step, std::span<const std::int16_t> y_q)>;
/// Runs each sequence from the reset state. Gives the same integers as Network::step().
void run_sequences(const Network&, std::span<const IntegerSequence>, const Heard&);

}  // namespace gruve
