// Named float arrays of a file, before anybody knows what network they make.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gruve {

struct Tensor {
    std::vector<std::int64_t> shape;
    std::vector<float> values;  // row-major, finite
};
using Tensors = std::map<std::string, Tensor>;

}  // namespace gruve
