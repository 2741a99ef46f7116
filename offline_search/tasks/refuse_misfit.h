// Checks that a network has the inputs and outputs of a task.
#pragma once

#include <string>

namespace gruve {

struct NetworkShape {
    int inputs = 0, outputs = 0;
    bool operator==(const NetworkShape&) const = default;
};

/// Throws DataError naming the task and both shapes if they differ.
void refuse_misfit(const std::string& task, NetworkShape found, NetworkShape expected);

/// For a FloatNetwork or a Network.
template <typename AnyNetwork>
void refuse_misfit(const std::string& task, const AnyNetwork& network, NetworkShape expected) {
    refuse_misfit(task, NetworkShape{network.input_size(), network.output_size()}, expected);
}

}  // namespace gruve
