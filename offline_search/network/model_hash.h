// A short name for the weights of float networks.
#pragma once

#include <string>
#include <vector>

#include "offline_search/network/float_network.h"

namespace gruve {

/// Of their layers alone; what a preset's provenance calls its model.
std::string model_hash(const std::vector<FloatNetwork>&);

}  // namespace gruve
