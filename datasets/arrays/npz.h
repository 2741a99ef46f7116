// .npz files: arrays written by numpy.savez or numpy.savez_compressed.
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

/// Reads every array of the file; the keys are the arrays' names. Supported are floats of 4 or 8 bytes, and integers
/// and booleans of 1 to 8 bytes, in little-endian byte order and C order.
/// Throws DataError, naming file and array, for any other type or order, and if the file is damaged, cut short, unpacks
/// to more than 12 times its size (1 MiB is always allowed), or holds fewer bytes than its headers claim.
std::map<std::string, NpyArray> read_npz(const std::filesystem::path&);

}  // namespace gruve
