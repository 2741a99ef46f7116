// Arrays that numpy.savez and numpy.savez_compressed wrote.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace gruve {

struct NpyArray {
    std::vector<std::size_t> shape;
    std::vector<double> values;  // row-major
    bool whole = false;          // of an integer or boolean type
};

/// Every array of the file by its name. Types: floats of 4 or 8 bytes, integers and booleans of 1..8 bytes, little endian, C order.
/// Throws DataError naming file and array for anything else, and for a file that is cut, damaged, or claims more than it holds.
std::map<std::string, NpyArray> read_npz(const std::filesystem::path&);

}  // namespace gruve
