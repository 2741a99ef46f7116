// Named float arrays, as files of weights hold them.
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

/// In an expected shape: any size from 1 on.
inline constexpr std::int64_t any_size = -1;

/// For messages: "4 x 3", or "a scalar"; any_size is written as "any" in an expected shape.
std::string shape_text(const std::vector<std::int64_t>& shape);
std::string expected_shape_text(const std::vector<std::int64_t>& expected);

/// Whether `shape` has as many axes as `expected`, all of positive size, and the sizes that are expected.
bool shape_fits(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& expected);

}  // namespace gruve
