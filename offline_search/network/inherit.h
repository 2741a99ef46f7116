// A network that starts from what another one has learnt, though it is wider, narrower, or reads more.
#pragma once

#include "offline_search/network/float_network.h"

namespace gruve {

/// Puts the weights of `from` into `to`, whose other weights stay what they are, but that old units don't read new ones nor new
/// inputs: a network that only grew gives the outputs of `from`. Where a layer of `to` is narrower it gets the units that are read
/// with the largest weights. Inputs and outputs that both have are taken to mean the same.
/// Returns false, with `to` unchanged, where the layers are of other kinds or another number.
bool inherit(const FloatNetwork& from, FloatNetwork& to);

}  // namespace gruve
