// The quantised operators of a layer and their bit widths.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace gruve {

/// The seventeen quantised operators of one GRU layer, in the order of arXiv 2402.12263.
enum class Operator : std::uint8_t {
    linear_ir,
    linear_iz,
    linear_in,  // input products: the width is that of the weights
    linear_hr,
    linear_hz,
    linear_hn,  // recurrent products: the width is that of the weights
    add_r,
    add_z,
    add_n,  // pre-activations: the width is that of the table's input
    sigmoid_r,
    sigmoid_z,
    tanh_n,             // activations: the width is that of the table's output
    product_reset,      // r ⊙ (W_hn h + b_hn)
    one_minus_z,        // 1 − z
    product_candidate,  // (1−z) ⊙ n
    product_state,      // z ⊙ h
    state,              // h': the width is that of the copy that the next step's linears read
};

inline constexpr int operator_count = 17;
inline constexpr int linear_count = 6;

/// "linear_ir", "add_r", …: stable names for files, reports and messages.
std::string_view name_of(Operator op);

/// Codes of the weight formats other than 2..8 bits, as stored in presets and genomes.
inline constexpr std::uint8_t binary_width = 1;   // levels −1, 1
inline constexpr std::uint8_t ternary_width = 9;  // levels −1, 0, 1; five per byte
/// The two products that form the state may also have 16 bits, like the state.
inline constexpr std::uint8_t wide_width = 16;

inline constexpr int min_width = 2;
inline constexpr int max_width = 8;

/// One GRU layer's widths, indexed by Operator.
using GruWidths = std::array<std::uint8_t, operator_count>;

/// The widths of one dense layer: weights; pre-activation, which is the table's input or, without a table, the output;
/// table output, which is ignored without a table.
struct DenseWidths {
    std::uint8_t weights = 8, pre_activation = 8, output = 8;
    bool operator==(const DenseWidths&) const = default;
};

/// Whether `width` is allowed for `op`: 2..8, and further formats for some operators.
bool width_allowed(Operator op, int width);
bool weight_width_allowed(int width);
/// For messages: "2..8", "2..8, 1 (binary), 9 (ternary)" or "2..8, 16".
std::string allowed_widths(Operator op);

/// Bits per stored weight: 1.6 for ternary weights, else the width.
double bits_per_weight(int width);

}  // namespace gruve
