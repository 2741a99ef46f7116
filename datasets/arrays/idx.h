// idx files, the format of MNIST (http://yann.lecun.com/exdb/mnist), plain or gzipped.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace gruve {

struct IdxArray {
    std::vector<int> shape;            // 1 to 4 dimensions
    std::vector<std::uint8_t> values;  // row-major
};

/// Reads an array of unsigned bytes, the only element type supported. Throws DataError if the file cannot be read, is
/// not such an array, or holds fewer or more values than its shape.
IdxArray read_idx(const std::filesystem::path&);

}  // namespace gruve
