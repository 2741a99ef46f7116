// A layer as a vector kernel reads it: its numbers in the order of use. Plain data, made by layout.h.
//
// Rows are cut into blocks of S = 16·k rows, where k is the number of 128-bit lanes in a vector of the instruction set.
// A block's results fill one vector of bytes, two of 16-bit words or four of 32-bit dwords. x86 packs and unpacks
// within lanes. The order of rows in those vectors is therefore
//     bytes              row 16·lane + e                    e = 0..15
//     words q = 0, 1     row 16·lane + 8·q + e              e = 0..7
//     dwords v = 0..3    row 16·lane + 4·v + e              e = 0..3
// and no pack or unpack of a step needs a permutation. The last block may have only V = 1 or 2 dword vectors, S·V/4
// rows, if few rows are left. Its row 4·V·lane + 4·v + e is in dword vector v, and its words and bytes fill the start
// of every lane.
//
// A layer is one piece of memory: its plan, then tables, weights and sums.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "engine/model/fixed_point.h"

namespace gruve::kernels {

/// Activations are stored in up to four planes: x_q ^ Kernel::activation_xor; x_q; |x_q|; and −1 where x_q is negative,
/// else 0. Each plane starts this many bytes after the previous one. An instruction set writes the planes that it
/// reads.
inline constexpr int activation_plane = 2048 + 64, activation_planes = 4;

/// A dword that one broadcast loads. It holds one value in every byte, in every word, or in the whole dword.
using Splat = std::int32_t;
constexpr Splat splat8(int value) {
    return static_cast<Splat>((static_cast<std::uint32_t>(value) & 0xffu) * 0x01010101u);
}
constexpr Splat splat16(int value) {
    return static_cast<Splat>((static_cast<std::uint32_t>(value) & 0xffffu) * 0x00010001u);
}

/// A value known at compile time.
template <int value>
using Constant = std::integral_constant<int, value>;

/// of(0), of(1), …, of(count − 1). Plans store only a width or a shift; all that follows from it is looked up in such
/// an array. This keeps plans small.
template <class T, int count, class Of>
constexpr std::array<T, count> array_of(Of of) {
    std::array<T, count> all{};
    for (int i = 0; i < count; ++i) all[static_cast<std::size_t>(i)] = of(i);
    return all;
}

/// The range of a signed integer of some bits, in every byte or word. half: 2^(bits−1).
struct Limits {
    Splat low, high, half;
};
constexpr auto byte_limits = array_of<Limits, 9>([](int bits) {
    return bits == 0 ? Limits{} : Limits{splat8(signed_min(bits)), splat8(signed_max(bits)), splat8(1 << (bits - 1))};
});
constexpr auto word_limits = array_of<Limits, 17>([](int bits) {
    return bits == 0 ? Limits{} : Limits{splat16(signed_min(bits)), splat16(signed_max(bits)), 0};
});

/// A right shift in two steps: `low` is at most 16, `left` is 16 − low and `right` is the remainder. round:
/// 2^(shift−1); high_round: 2^(shift−17); each is 0 where it does not fit.
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

/// Where a layer's arrays lie, in bytes from the start of its plan. Plans derive from this; LaidOut fills it in.
struct Piece {
    std::int32_t tables_at = 0, weights_at = 0, sums_at = 0, end = 0;
    const std::uint8_t* tables() const { return at(tables_at); }
    const std::uint8_t* weights() const { return at(weights_at); }
    const std::int32_t* sums() const { return reinterpret_cast<const std::int32_t*>(at(sums_at)); }

private:
    const std::uint8_t* at(std::int32_t bytes) const { return reinterpret_cast<const std::uint8_t*>(this) + bytes; }
};

/// How the rows of a layer are cut: `full` blocks of S rows, then one block of `tail_vectors` dword vectors (1 or 2; 0:
/// no such block). In Form::compact, 3 stands for a block of two vectors and one of one.
struct BlockPlan {
    std::int16_t rows = 0, full = 0, tail_vectors = 0;
};

/// How a layer lies in memory. fast: weights in bytes, biases in 32 bits. compact: weights packed at their widths,
/// biases as in the model.
enum class Form : std::uint8_t { fast, compact };

/// Weights of one product within a block. Columns form groups of four. A group has V vectors of S bytes, one for each
/// dword vector v: a row's weights at the group's columns lie where the row's dword lies. Missing rows and columns are
/// 0.
///
/// fast: products of a layer with the same activations may be joined, with their vectors side by side in every group.
/// compact: codes u of `width` bits, weight = u·(doubled ? 2 : 1) − centre, in units of unit_vectors(width, V) vectors.
/// The last unit of a block is padded with codes that meet no activations; vectors of memory at its end that hold only
/// padding are left out. Weights of 8 bits are plain bytes if the kernel has no product of unsigned bytes.
struct MatrixPlan {
    std::int16_t groups = 0;
    // Where pairs saturate: the number of column groups whose products with unsigned activations fit 16 bits when
    // summed. 0: not even one group fits, and the weights are multiplied with signed activations.
    std::uint8_t run = 0;
    std::uint8_t width = 8;
    std::uint8_t centre = 0;
    bool doubled = false;
};

/// The fewest vectors of codes that fill whole vectors of memory. Codes are split into planes of 1, 2 and 4 bits, each
/// fully packed.
constexpr int packed_vectors(int width) { return width == 8 ? 1 : width % 2 == 1 ? 8 : width % 4 == 2 ? 4 : 2; }

/// How many of a GRU's three products with the same activations are joined in a block of v dword vectors: 3 (in the
/// order r, n, z), 2 (r and z), or 1 (none). most_vectors: Kernel::vectors_at_once.
constexpr int gates_at_once(int v, int most_vectors) {
    return 3 * v <= most_vectors ? 3 : 2 * v <= most_vectors ? 2 : 1;
}

/// Vectors of a unit of codes: whole vectors of memory and whole column groups.
constexpr int unit_vectors(int width, int v) { return packed_vectors(width) > v ? packed_vectors(width) : v; }

/// Vectors of memory that a matrix's packed weights take in a block. The planes of a unit lie in the order 1, 2, 4
/// bits. Vectors of the last unit's last plane that hold only padding are left out; a product then reads whatever
/// follows as padding.
constexpr int packed_memory_vectors(const MatrixPlan& m, int v) {
    const int unit = unit_vectors(m.width, v), codes = m.groups * v, units = (codes + unit - 1) / unit;
    const int last_plane = m.width >= 8 ? 8 : m.width >= 4 ? 4 : m.width >= 2 ? 2 : 1;
    return units * unit * m.width / 8 - (units * unit - codes) * last_plane / 8;
}

/// How far a product may read beyond its weights, in vectors of memory.
inline constexpr int most_vectors_beyond = 3;

/// round_shift(acc_1·m_1 + acc_2·m_2 + bias, shift), exact in 32 bits. Each acc is split into a low and a high half:
///     ((Σ high·m + bias_high) << left) + ((Σ low·m + bias_low) >> low)   then >> right, all of shifts[shift].
/// The bias includes the rounding and cancels what the activations' offset adds to the products.
/// In memory, fast: for each dword vector the pairs (m_1, m_2) of 16 bits, bias_low and bias_high. compact: the bias as
/// in the model, to be shifted left by bias_shift, without rounding.
struct SumPlan {
    std::uint8_t shift = 0;
    std::uint8_t clamp_bits = 0;  // 0, here and below: packing saturates, and no further clamp is needed
    std::uint8_t bias_shift = 0;  // compact
};

/// clamp(round_shift(u·v·m, shift)), with u in 0..255 and v of 16 bits.
struct ProductPlan {
    Splat multiplier = 0;
    std::uint8_t shift = 0, clamp_bits = 0;
};

/// clamp(round_shift(v·m, shift)), with v of 16 bits. A shift above 16 is computed as ((v·m >> 16) + round) >> (shift −
/// 16), which is exact because 2^16 divides the rounding. A smaller shift takes one multiply-add of (v, round) by (m,
/// m'), where round·m' = 2^(shift−1).
struct ScalePlan {
    Splat round = 0, multipliers = 0;
    std::uint8_t shift = 0, clamp_bits = 0;
};

enum class Symmetry : std::uint8_t { none, complement, odd };

/// entry[index] for signed indices of `bits` bits, in the kernel's TableOrder. If entry[−i] is complement − entry[i]
/// (σ) or −entry[i] (tanh) for all i, a kernel without large shuffles looks up only |i|.
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
    bool in_memory = false;        // compact for size: weights are expected in memory, not in a cache
    bool row_multipliers = true;   // compact: false if all rows share one (m_1, m_2), held in `multipliers`
    bool o_is_complement = false;  // o = 255 − z
    // Order of the sums in memory. fast: block by block the sums r, hn, n, z. compact: for each dword vector the pairs
    // of multipliers (m_ir, m_hr), (m_iz, m_hz), (m_hn, m_in), then the pairs of biases (r, z), (hn, n).
    MatrixPlan matrices[products];
    MatrixPlan of_x, of_h;  // where all three products with the same activations are joined
    Splat multipliers[3] = {};
    Splat multiplier_p = 0;
    SumPlan sum_r, sum_z, sum_hn, sum_n;
    TablePlan r, z, o, n;  // entries of r and z are scaled up to 8 bits; o is 1 − z
    ProductPlan reset, keep;
    ScalePlan candidate, copy;
    ProductPlan state;  // clamp(round_shift(a·m_a + b·m_b, shift)); its multiplier is the pair (m_a, m_b)
};

/// A dense layer of a network of bands: it leaves the path alone (the last layer), starts it or adds to it.
enum class OnPath : std::uint8_t { none, starts, adds };

struct DensePlan : Piece {
    BlockPlan blocks;
    std::int16_t input_size = 0;
    Form form = Form::fast;
    bool has_table = false, is_signed = true;  // is_signed: the table's entries
    // Sums in memory, compact: for each dword vector the pairs (m, bias).
    MatrixPlan linear;
    SumPlan sum;
    TablePlan table;
    // Networks of bands only.
    OnPath on_path = OnPath::none;
    Splat lift = 0;                 // 2^lift
    ScalePlan copy;                 // of the path
    std::int32_t sums_of_band = 0;  // dwords from a band's sums to the next band's; 0: all bands have the same sums
};

}  // namespace gruve::kernels
