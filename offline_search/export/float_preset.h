// The float network behind a preset as a preset of its own: a comparison by ear shows what quantisation costs.
#pragma once

#include "engine/preset/preset.h"
#include "offline_search/network/float_network.h"

namespace gruve {

/// The network in the form that presets store.
FloatModel float_model_of(const FloatNetwork&);

/// A preset with the front end, labels, detection and float scores of `like`, played by `network`. The name's last part
/// becomes "-float". Throws DataError if like.model_hash names another network, or if the shapes differ. Presets
/// without a model_hash are compared by their shapes alone.
Preset float_preset(const Preset& like, const FloatNetwork& network);

}  // namespace gruve
