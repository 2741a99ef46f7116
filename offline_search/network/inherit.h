// Starts a network from the weights of another one of a different size.
#pragma once

#include "offline_search/network/float_network.h"

namespace gruve {

/// Copies the weights of `from` into `to`. Inherited units get zero weights for new inputs and new units; all other
/// weights of `to` stay as they are. A network that only grew therefore gives the outputs of `from`. A narrower layer
/// of `to` gets those units of `from` that the next layer reads with the largest weights. Inputs and outputs are
/// matched by their index. Returns false, and leaves `to` unchanged, if the two networks differ in the number or kinds
/// of their layers. A network of bands may get further blocks, but never becomes smaller (inherit_bands.h).
bool inherit(const FloatNetwork& from, FloatNetwork& to);

}  // namespace gruve
