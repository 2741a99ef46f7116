// What a vector kernel reads: a layer's numbers in the order in which it needs them. Plain data; made by layout.h.
//
// Rows are cut into blocks of S = 16·k rows, k being the number of 128-bit lanes of the instruction set's vectors: a block's
// results fill one vector of bytes, two of 16-bit words or four of 32-bit dwords. x86 packs and unpacks within lanes, so the
// order of rows in those vectors is
//     bytes              row 16·lane + e                    e = 0..15
//     words q = 0, 1     row 16·lane + 8·q + e              e = 0..7
//     dwords v = 0..3    row 16·lane + 4·v + e              e = 0..3
// which makes every pack and unpack of a step free of permutations. Few rows left over don't need four vectors of dwords: the
// last block may have V = 1 or 2 of them, S·V/4 rows, row 4·V·lane + 4·v + e; its words and bytes fill the start of every lane.
//
// A layer is one piece of memory: its plan, tables, weights, sums.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "engine/model/fixed_point.h"

namespace gruve::kernels {

/// Activations are kept in up to four planes, each this many bytes after the one before: x_q ^ Kernel::activation_xor, x_q, |x_q|, and
/// −1 where x_q is negative, else 0.
inline constexpr int activation_plane = 2048 + 64, activation_planes = 4;

/// A value in every byte, every word, or the whole of a dword: what one broadcast loads.
using Splat = std::int32_t;
constexpr Splat splat8(int value) {
    return static_cast<Splat>((static_cast<std::uint32_t>(value) & 0xffu) * 0x01010101u);
}
constexpr Splat splat16(int value) {
    return static_cast<Splat>((static_cast<std::uint32_t>(value) & 0xffffu) * 0x00010001u);
}

/// A value that is known when a step is compiled.
template <int value>
using Constant = std::integral_constant<int, value>;

/// of(0), of(1), … of(count − 1). What follows from a width or a shift alone is looked up in such an array, so that plans are small.
template <class T, int count, class Of>
constexpr std::array<T, count> array_of(Of of) {
    std::array<T, count> all{};
    for (int i = 0; i < count; ++i) all[static_cast<std::size_t>(i)] = of(i);
    return all;
}

/// The least and the most of some bits, in every byte or word. half: 2^(bits−1).
struct Limits {
    Splat low, high, half;
};
constexpr auto byte_limits = array_of<Limits, 9>([](int bits) {
    return bits == 0 ? Limits{} : Limits{splat8(signed_min(bits)), splat8(signed_max(bits)), splat8(1 << (bits - 1))};
});
constexpr auto word_limits = array_of<Limits, 17>([](int bits) {
    return bits == 0 ? Limits{} : Limits{splat16(signed_min(bits)), splat16(signed_max(bits)), 0};
});

/// What a right shift is made of. low: at most 16, left: 16 − low, right: what is left; round: 2^(shift−1), high_round: 2^(shift−17), where
/// they fit.
struct alignas(32) Shift {
    std::int32_t whole, low, left, right, round, high_round;
};
constexpr auto shifts = array_of<Shift, max_shift + 1>([](int shift) {
    const int low = shift < 16 ? shift : 16;
    return Shift{shift,
                 low,
                 16 - low,
                 shift - low,
                 shift > 0 && shift < 32 ? 1 << (shift - 1) : 0,
                 shift > 16 ? 1 << (shift - 17) : 0};
});

/// Where a layer's arrays lie, in bytes from its plan on, which is derived from this and made by LaidOut.
struct Piece {
    std::int32_t tables_at = 0, weights_at = 0, sums_at = 0, end = 0;
    const std::uint8_t* tables() const { return at(tables_at); }
    const std::uint8_t* weights() const { return at(weights_at); }
    const std::int32_t* sums() const { return reinterpret_cast<const std::int32_t*>(at(sums_at)); }

private:
    const std::uint8_t* at(std::int32_t bytes) const { return reinterpret_cast<const std::uint8_t*>(this) + bytes; }
};

/// How the rows of a layer are cut: `full` blocks of S rows, then one of `tail_vectors` (1 or 2; 0: none) dword vectors. Form::compact: 3
/// are a block of two and one of one.
struct BlockPlan {
    std::int16_t rows = 0, full = 0, tail_vectors = 0;
};

/// How a layer lies in memory. fast: weights in bytes, sums in 32 bits. compact: weights packed at their widths, sums as in the model.
enum class Form : std::uint8_t { fast, compact };

/// Weights of one product within a block: by groups of four columns, V vectors of S bytes each, one per dword vector v: the
/// weights of a row at the group's columns lie where the row's dword lies. Missing rows and columns are 0.
///
/// fast: a layer's products with the same activations may be one, their vectors side by side in every group.
/// compact: codes u of `width` bits, weight = u·(doubled ? 2 : 1) − centre, in units of packed_vectors(width) vectors; the last
/// unit of a block is filled with codes that meet no activations, and the vectors of memory at its end that hold only those are left
/// out. 8 bits where the kernel has no product of unsigned bytes: plain weights.
struct MatrixPlan {
    std::int16_t groups = 0;
    std::uint8_t run =
        0;  // where a kernel's pairs saturate: column groups whose products with unsigned activations may be
            // added in 16 bits; 0: not even one, such weights are multiplied with signed activations
    std::uint8_t width = 8;
    std::uint8_t centre = 0;
    bool doubled = false;
};

/// The fewest vectors of codes that fill whole vectors of memory: planes of 1, 2 and 4 bits, each as packed as can be.
constexpr int packed_vectors(int width) { return width == 8 ? 1 : width % 2 == 1 ? 8 : width % 4 == 2 ? 4 : 2; }

/// How many of a GRU's three products with the same activations are one in a block of V vectors, most_vectors being the kernel's: all
/// (in the order r, n, z), those of r and z, or 1: none.
constexpr int gates_at_once(int v, int most_vectors) {
    return 3 * v <= most_vectors ? 3 : 2 * v <= most_vectors ? 2 : 1;
}

/// A unit that is whole groups too, in vectors.
constexpr int unit_vectors(int width, int v) { return packed_vectors(width) > v ? packed_vectors(width) : v; }

/// Vectors of memory of a matrix's packed weights in a block. A unit's planes lie in the order of 1, 2 and 4 bits; of the last unit's last
/// plane, vectors of no codes are left out, and where others follow they are read as if they were codes.
constexpr int packed_memory_vectors(const MatrixPlan& m, int v) {
    const int unit = unit_vectors(m.width, v), codes = m.groups * v, units = (codes + unit - 1) / unit;
    const int last_plane = m.width >= 8 ? 8 : m.width >= 4 ? 4 : m.width >= 2 ? 2 : 1;
    return units * unit * m.width / 8 - (units * unit - codes) * last_plane / 8;
}

/// What a product may read beyond its weights, in vectors of memory.
inline constexpr int most_vectors_beyond = 3;

/// round_shift(acc_1·m_1 + acc_2·m_2 + bias, shift), exact in 32 bits: products are split into low and high halves,
///     ((Σ high·m + bias_high) << left) + ((Σ low·m + bias_low) >> low)   then >> right of shifts[shift].
/// bias holds rounding, and what offsets of the activations add to the products.
/// In memory, fast: per dword vector: pairs (m_1, m_2) of 16 bits, bias_low, bias_high. compact: the bias is stored << bias_shift,
/// without rounding.
struct SumPlan {
    std::uint8_t shift = 0;
    std::uint8_t clamp_bits = 0;  // 0, here and below: the result needs no clamp beyond the saturation of packing
    std::uint8_t bias_shift = 0;  // compact
};

/// clamp(round_shift(u·v·m, shift)), u 0..255 and v 16 bits.
struct ProductPlan {
    Splat multiplier = 0;
    std::uint8_t shift = 0, clamp_bits = 0;
};

/// clamp(round_shift(v·m, shift)), v 16 bits. shift above 16: (v·m >> 16) + round, >> shift − 16, which is the same since 2^16 divides the
/// rounding. Else one multiply-add of (v, round) by multipliers (m, m'), round·m' = 2^(shift−1).
struct ScalePlan {
    Splat round = 0, multipliers = 0;
    std::uint8_t shift = 0, clamp_bits = 0;
};

enum class Symmetry : std::uint8_t { none, complement, odd };

/// entry[index] of signed indices of `bits` bits, in the kernel's TableOrder. Where entry[−i] = complement − entry[i] (σ)
/// or −entry[i] (tanh) for all i, a kernel without large shuffles looks up |i| alone.
struct TablePlan {
    std::uint16_t at = 0;  // bytes from the layer's first table
    std::uint8_t bits = 8;
    Symmetry symmetry = Symmetry::none;
    Splat complement = 0;
};

/// A GRU's products.
enum Product { product_ir, product_hr, product_hn, product_in, product_iz, product_hz, products };

struct GruPlan : Piece {
    BlockPlan blocks;
    std::int16_t input_size = 0;
    Form form = Form::fast;
    bool in_memory = false;        // compact, and meant to be found in memory rather than in a cache
    bool row_multipliers = true;   // compact: else one (m_1, m_2) for all rows, in `multipliers`
    bool o_is_complement = false;  // o = 255 − z
    // Sums: fast: block by block the sums r, hn, n, z. compact: per dword vector pairs (m_ir, m_hr), (m_iz, m_hz), (m_hn, m_in), then
    // pairs of biases (r, z), (hn, n).
    MatrixPlan matrices[products];
    MatrixPlan of_x, of_h;  // where all three with the same activations are one
    Splat multipliers[3] = {};
    Splat multiplier_p = 0;
    SumPlan sum_r, sum_z, sum_hn, sum_n;
    TablePlan r, z, o, n;  // r and z are scaled up to 8 bits; o is 1 − z
    ProductPlan reset, keep;
    ScalePlan candidate, copy;
    ProductPlan state;  // clamp(round_shift(a·m_a + b·m_b, shift)), the multiplier being (m_a, m_b)
};

struct DensePlan : Piece {
    BlockPlan blocks;
    std::int16_t input_size = 0;
    Form form = Form::fast;
    bool has_table = false, is_signed = true;  // is_signed: the table's entries
    // Sums: compact: per dword vector pairs (m, bias).
    MatrixPlan linear;
    SumPlan sum;
    TablePlan table;
};

}  // namespace gruve::kernels
