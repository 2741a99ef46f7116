// A short name for the weights of float networks.
#pragma once

#include <string>
#include <vector>

#include "offline_search/network/float_network.h"

namespace gruve {

/// FNV-1a of the layers' weights, biases and activations as 16 hexadecimal digits; metadata do not count. Stored in
/// Preset::model_hash.
std::string model_hash(const std::vector<FloatNetwork>&);

}  // namespace gruve
