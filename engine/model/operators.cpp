#include "engine/model/operators.h"

namespace gruve {

std::string_view name_of(Operator op) {
    static constexpr std::array<std::string_view, operator_count> names = {
        "linear_ir",     "linear_iz", "linear_in",     "linear_hr",   "linear_hz",
        "linear_hn",     "add_r",     "add_z",         "add_n",       "sigmoid_r",
        "sigmoid_z",     "tanh_n",    "product_reset", "one_minus_z", "product_candidate",
        "product_state", "state"};
    return names[static_cast<std::size_t>(op)];
}

bool weight_width_allowed(int width) {
    return (width >= min_width && width <= max_width) || width == binary_width || width == ternary_width;
}

bool width_allowed(Operator op, int width) {
    if (static_cast<int>(op) < linear_count) return weight_width_allowed(width);
    if (width >= min_width && width <= max_width) return true;
    return (op == Operator::product_candidate || op == Operator::product_state) && width == wide_width;
}

std::string allowed_widths(Operator op) {
    if (static_cast<int>(op) < linear_count) return "2..8, 1 (binary), 9 (ternary)";
    return width_allowed(op, wide_width) ? "2..8, 16" : "2..8";
}

double bits_per_weight(int width) { return width == ternary_width ? 1.6 : width; }

}  // namespace gruve
