// Whether a model is sound and may run.
#pragma once

#include <string>

#include "engine/model/model.h"

namespace gruve {

/// Checks every width, shape, shift, level, table entry and accumulator bound. Returns an empty string if all are in
/// range, else one sentence such as "layer 1, operator sigmoid_z: 9 bits, allowed 2..8". A model that fails must not
/// reach reference.h or a kernel.
std::string check(const Model&);

}  // namespace gruve
