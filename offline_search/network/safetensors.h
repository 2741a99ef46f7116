// Networks and tensors in safetensors files.
#pragma once

#include <filesystem>

#include "offline_search/network/float_network.h"
#include "offline_search/network/tensors.h"

namespace gruve {

/// Saves (as F32, under a temporary name first) and loads (also F16, BF16) a network. Tensors: "layers.<k>.weight" and
/// ".bias" (dense), and with PyTorch's names ".weight_ih_l0", ".weight_hh_l0", ".bias_ih_l0", ".bias_hh_l0" (GRU).
/// Both throw DataError, naming file, tensor, the shape or type expected and the one found.
void save_safetensors(const std::filesystem::path&, const FloatNetwork&);
FloatNetwork load_safetensors(const std::filesystem::path&);

/// Reads every tensor of a safetensors file. Only tensors of one or two axes are supported. Throws DataError as
/// load_safetensors() does.
Tensors read_safetensors(const std::filesystem::path&);

}  // namespace gruve
