// Whether a preset may be played.
#pragma once

#include <string>

#include "engine/preset/preset.h"

namespace gruve {

/// check() of its model and front end, labels, thresholds. Empty when sound.
std::string check(const Preset&);

}  // namespace gruve
