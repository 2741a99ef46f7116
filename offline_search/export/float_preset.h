// The float network behind a preset as a preset itself: heard beside it, it shows what quantisation costs.
#pragma once

#include "engine/preset/preset.h"
#include "offline_search/network/float_network.h"

namespace gruve {

FloatModel float_model_of(const FloatNetwork&);

/// Front end, labels, detection and scores of `like`, played by `network`. Throws DataError where `like` was searched from another
/// network, as its provenance tells, or where the shapes differ.
Preset float_preset(const Preset& like, const FloatNetwork& network);

}  // namespace gruve
