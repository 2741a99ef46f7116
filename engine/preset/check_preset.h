// Whether a preset is sound and may be played.
#pragma once

#include <string>

#include "engine/preset/preset.h"

namespace gruve {

/// Checks the model, the front end's settings, labels, thresholds and scores. Returns an empty string if the preset is
/// sound, else one sentence such as "log-mel hop: 0 s, allowed 0.001..0.032 s".
std::string check(const Preset&);

}  // namespace gruve
