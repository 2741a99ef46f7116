// Starts a network of bands from the weights of a smaller one.
#pragma once

#include "offline_search/network/float_network.h"

namespace gruve {

/// inherit() for networks of bands: `to` may have more channels, and more blocks behind those of `from`, but not fewer.
/// It gives the outputs of `from`: what was there doesn't read what is new, and new blocks add nothing at first.
bool inherit_bands(const FloatNetwork& from, FloatNetwork& to);

}  // namespace gruve
