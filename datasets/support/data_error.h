// The error that a user's data can cause.
#pragma once

#include <stdexcept>

namespace gruve {

/// A fault in a user's data that stops the work. The message names the file, the place in it, what was found and what
/// is allowed.
struct DataError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace gruve
