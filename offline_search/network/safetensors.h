// Networks and tensors in safetensors files.
#pragma once

#include <filesystem>

#include "offline_search/network/float_network.h"
#include "offline_search/network/tensors.h"

namespace gruve {

/// safetensors, names "layers.<k>.weight", ".bias" (dense) and PyTorch's ".weight_ih_l0", ".weight_hh_l0", ".bias_ih_l0",
/// ".bias_hh_l0" (GRU); written aside and renamed. Throw DataError naming file, tensor, expected and found.
void save_safetensors(const std::filesystem::path&, const FloatNetwork&);
FloatNetwork load_safetensors(const std::filesystem::path&);

/// Every tensor of a safetensors file (F32 only). Throws DataError as load_safetensors does.
Tensors read_safetensors(const std::filesystem::path&);

}  // namespace gruve
