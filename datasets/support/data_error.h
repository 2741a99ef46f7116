// What stops the work because of a user's data.
#pragma once

#include <stdexcept>

namespace gruve {

/// Something about a user's data that stops the work; the message names file, place and what was expected.
struct DataError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace gruve
