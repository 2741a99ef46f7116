// Named float arrays of a file, before anybody knows what network they make.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace gruve {

struct Tensor {
    std::vector<std::int64_t> shape;
    std::vector<float> values;  // row-major, finite
};
using Tensors = std::map<std::string, Tensor>;

/// Every tensor of a safetensors file (F32 only). Throws DataError as load_safetensors does.
Tensors read_safetensors(const std::filesystem::path&);

}  // namespace gruve
