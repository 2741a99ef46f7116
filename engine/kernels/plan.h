// What a vector kernel reads: a layer's numbers in the order in which it needs them. Plain data; made by layout.h.
//
// Rows are cut into blocks of S = 16·k rows, k being the number of 128-bit lanes of the instruction set's vectors: a block's
// results fill one vector of bytes, two of 16-bit words or four of 32-bit words. x86 packs and unpacks within lanes, so the
// order of rows in those vectors is
//     bytes              row e                              e = 0..S−1
//     words q = 0, 1     row 16·lane + 8·q + e              e = 0..7
//     dwords v = 0..3    row 16·lane + 4·v + e              e = 0..3
// which makes every pack and unpack of a step free of permutations.
#pragma once

#include <cstdint>

namespace gruve::kernels {

/// How many bytes past the last activation a product may read.
inline constexpr int activation_padding = 64;

/// Weights of one product: block by block, within a block by groups of four columns, four vectors of S bytes each, one per
/// dword vector v: the weights of a row at the group's columns lie where the row's dword lies. Missing rows and columns are 0.
struct MatrixPlan {
    const std::uint8_t* weights = nullptr;
    int groups = 0;
    int run = 0;  // where a kernel's pairs saturate: column groups whose products with unsigned activations may be added in
                  // 16 bits; 0: not even one, such weights are multiplied with signed activations
};

/// round_shift(acc_1·m_1 + acc_2·m_2 + bias, shift), exact in 32 bits: products are split into low and high halves,
///     ((Σ high·m + bias_high) << shift_left) + ((Σ low·m + bias_low) >> shift_low)   then >> shift_right.
/// bias holds rounding, and what offsets of the activations add to the products.
struct SumPlan {
    const std::int32_t* rows = nullptr;  // per dword vector: pairs (m_1, m_2) of 16 bits, bias_low, bias_high
    int shift_low = 0, shift_left = 0, shift_right = 0;
    int low = 0, high = 0;  // clamp of the result
};

/// clamp(round_shift(u·v·m, shift)), u 0..255 and v 16 bits.
struct ProductPlan {
    int multiplier = 0, shift = 0;
    int low = 0, high = 0;
};

/// clamp(round_shift(v·m, shift)), v 16 bits: one multiply-add of (v, round_v) by (m, round_m), round_v·round_m = 2^(shift−1).
struct ScalePlan {
    int multiplier = 0, shift = 0;
    int round_v = 0, round_m = 0;
    int low = 0, high = 0;
};

struct GruPlan {
    int rows = 0, blocks = 0;
    MatrixPlan ir, iz, in, hr, hz, hn;
    SumPlan sum_r, sum_z, sum_hn, sum_n;
    // Indexed by the pre-activation, in the kernel's TableOrder. r and z are scaled up to 8 bits; o is 1 − z.
    const std::uint8_t *table_r = nullptr, *table_z = nullptr, *table_o = nullptr, *table_n = nullptr;
    int bits_r = 8, bits_z = 8, bits_n = 8;  // of the pre-activations
    ProductPlan reset, keep;
    ScalePlan candidate, copy;
    int m_a = 0, m_b = 0, round_state = 0, shift_state = 0, state_low = 0, state_high = 0;
};

struct DensePlan {
    int rows = 0, blocks = 0;
    MatrixPlan linear;
    SumPlan sum;
    const std::uint8_t* table = nullptr;  // null: without activation
    int bits = 8;                         // of the pre-activation
    bool is_signed = true;                // of the table's entries
};

}  // namespace gruve::kernels
