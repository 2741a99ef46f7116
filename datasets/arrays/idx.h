// idx files (MNIST's format), plain or gzipped.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace gruve {

struct IdxArray {
    std::vector<int> shape;
    std::vector<std::uint8_t> values;
};
/// Unsigned byte arrays only. Throws DataError with what was expected and found.
IdxArray read_idx(const std::filesystem::path&);

}  // namespace gruve
