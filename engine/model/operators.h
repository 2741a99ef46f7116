// The words for bit widths: the seventeen operators of the cell, their genes, and what a width may be.
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
    linear_in,  // input products: width of the weights
    linear_hr,
    linear_hz,
    linear_hn,  // recurrent products: width of the weights
    add_r,
    add_z,
    add_n,  // pre-activations: width of the table's input
    sigmoid_r,
    sigmoid_z,
    tanh_n,             // width of the table's output
    product_reset,      // r ⊙ (W_hn h + b_hn)
    one_minus_z,        // 1 − z
    product_candidate,  // (1−z) ⊙ n
    product_state,      // z ⊙ h
    state,              // h': width of the copy that the next step's linears read
};

inline constexpr int operator_count = 17;
inline constexpr int linear_count = 6;

/// "linear_ir", "add_r", …: stable names used in files, reports and messages.
std::string_view name_of(Operator op);

/// Weight formats beside 2..8 bits. Codes as stored in presets and genomes.
inline constexpr std::uint8_t binary_width = 1;   // levels −1, 1
inline constexpr std::uint8_t ternary_width = 9;  // levels −1, 0, 1; five to a byte
/// The two products into the state may also stay at 16 bits beside the 16-bit state.
inline constexpr std::uint8_t wide_width = 16;

inline constexpr int min_width = 2;
inline constexpr int max_width = 8;

/// One GRU layer's widths, indexed by Operator.
using GruWidths = std::array<std::uint8_t, operator_count>;

/// One dense layer's widths: weights; pre-activation (table input, or the output where there is no table);
/// table output (ignored without a table).
struct DenseWidths {
    std::uint8_t weights = 8, pre_activation = 8, output = 8;
    bool operator==(const DenseWidths&) const = default;
};

/// Whether `width` is allowed for `op` ("2..8", or the further formats where they make sense).
bool width_allowed(Operator op, int width);
bool weight_width_allowed(int width);
/// "2..8", "1 (binary), 2..8, 9 (ternary)", "2..8, 16": for messages.
std::string allowed_widths(Operator op);

/// Real bits per weight: 1.6 for ternary, else the width.
double bits_per_weight(int width);

}  // namespace gruve
