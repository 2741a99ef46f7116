#include "offline_search/network/tensors.h"

namespace gruve {
namespace {

std::string joined(const std::vector<std::int64_t>& shape, bool any_allowed) {
    std::string text;
    for (const auto size : shape) {
        if (!text.empty()) text += " x ";
        text += any_allowed && size == any_size ? "any" : std::to_string(size);
    }
    return text.empty() ? "a scalar" : text;
}

}  // namespace

std::string shape_text(const std::vector<std::int64_t>& shape) { return joined(shape, false); }
std::string expected_shape_text(const std::vector<std::int64_t>& expected) { return joined(expected, true); }

bool shape_fits(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& expected) {
    if (shape.size() != expected.size()) return false;
    for (std::size_t i = 0; i < shape.size(); ++i)
        if (shape[i] <= 0 || (expected[i] != any_size && shape[i] != expected[i])) return false;
    return true;
}

}  // namespace gruve
