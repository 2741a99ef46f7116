// Whether a model may be run.
#pragma once

#include <string>

#include "engine/model/model.h"

namespace gruve {

/// Empty when every width, shape, shift, level, table entry and accumulator bound is in range; else one sentence such as
/// "layer 1, operator sigmoid_z: 9 bits, allowed 2..8". Nothing that fails this may reach reference.h or a kernel.
std::string check(const Model&);

}  // namespace gruve
