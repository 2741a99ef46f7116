// The operations that kernels need of an instruction set: a type that satisfies the concept Simd. Each simd_*.h has
// one.
// To add an instruction set, write such a type and a file that fills a Kernel (kernel.h) with it; block.h, step.h and
// batch.h do the rest.
//
// Contract of all operations: lanes are two's complement integers; sums and products wrap around unless the operation
// is said to saturate; the result is exact, because kernels equal reference.cpp bit for bit. Nothing allocates, throws
// or calls a library.
//
// Such types live in unnamed namespaces. Each instruction set's file then holds its own copy of all templates over
// them, and the linker cannot replace code for one instruction set by code for another.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "engine/kernels/plan.h"

namespace gruve::kernels {

/// The activations that a product reads, with sums over them that it needs.
struct Input {
    const std::uint8_t* x;   // stored activations, all planes
    std::int32_t sum;        // Form::compact: Σ x_q
    std::int32_t negatives;  // where pairs saturate: Σ |x_q| over the negative x_q
    bool prefetch = false;   // Form::compact: prefetch weights from memory before they are read
};

/// Shape and choices of an instruction set.
template <class S>
concept SimdShape = requires {
    /// One vector's contents as bytes, 16-bit words and 32-bit dwords. They may be the same type.
    typename S::Bytes;
    typename S::Words;
    typename S::Dwords;
    /// Bytes of a vector = rows of a block: 16 for each 128-bit lane.
    requires S::rows == sizeof(typename S::Bytes) && S::rows % 16 == 0;
    /// Activations are stored in plane 0 as x_q ^ this: 0x80 for unsigned bytes x_q + 128, 0 for signed ones.
    requires S::activation_xor == 0 || S::activation_xor == 0x80;
    /// The most dword vectors that one product<>() accumulates without running out of registers.
    { S::vectors_at_once } -> std::convertible_to<int>;
    /// product<>() sums pairs of products in 16 bits and saturates. layout.cpp then keeps its runs short
    /// (MatrixPlan::run).
    { S::pairs_saturate } -> std::convertible_to<bool>;
    /// Packed 8-bit weights are unsigned codes. False: they are plain signed bytes for product<>().
    { S::codes_of_8_bits } -> std::convertible_to<bool>;
    /// Packed products multiply codes where they stand in their bytes (InPlace), for which there are enough registers.
    { S::multiplies_in_place } -> std::convertible_to<bool>;
    /// Steps may walk the blocks backwards on request (Steps::gru_step), because products wait for the second cache
    /// level.
    { S::walks_backwards } -> std::convertible_to<bool>;
};

/// Moves between memory and vectors.
template <class S>
concept SimdMemory = requires(typename S::Bytes& bytes, typename S::Dwords& dwords, typename S::Words& words,
                              const void* from, void* to, std::uint8_t* activations, const std::uint8_t* stored,
                              std::int16_t* outputs, std::uint64_t eight, const Splat& splat) {
    /// A whole vector; the address is a multiple of S::rows.
    bytes = S::load(from);
    S::store(to, bytes);
    /// One value in all bytes, words or dwords. Compile-time values come as Constant<>, which converts to int.
    bytes = S::set8(int{});
    words = S::set16(int{});
    dwords = S::set32(int{});
    /// A Splat from memory in all dwords: one broadcast.
    dwords = S::splat(splat);
    /// The four bytes at `stored`, at any address, in all dwords.
    dwords = S::broadcast(stored);

    /// Stores S::rows values x_q as activations, in all planes that S reads. `activations` may have any address.
    S::store_activations(activations, bytes);
    /// The same for eight values x_q, the first in the lowest byte. Stored as eight bytes at once.
    S::store_eight_activations(activations, eight);
    /// Eight stored activations as outputs: outputs[i] = x_q of stored[i].
    S::store_eight_outputs(outputs, stored);
};

/// Arithmetic, lane by lane.
template <class S>
concept SimdArithmetic = requires(typename S::Bytes& bytes, typename S::Words& words, typename S::Dwords& dwords) {
    bytes = S::xor_bits(bytes, bytes);
    bytes = S::and_bits(bytes, bytes);
    bytes = S::or_bits(bytes, bytes);
    words = S::add16(words, words);
    words = S::add16_saturated(words, words);
    dwords = S::add32(dwords, dwords);
    /// Signed minimum and maximum.
    bytes = S::min8(bytes, bytes);
    bytes = S::max8(bytes, bytes);
    words = S::min16(words, words);
    words = S::max16(words, words);
    /// Low and high 16 bits of the signed 32-bit product.
    words = S::mullo16(words, words);
    words = S::mulhi16(words, words);
    /// a_low·b_low + a_high·b_high over the signed halves of each dword. Never called with all four at −2^15.
    dwords = S::madd(words, words);
};

/// Shifts. Right shifts are arithmetic unless said to be unsigned.
template <class S>
concept SimdShift = requires(typename S::Bytes& bytes, typename S::Words& words, typename S::Dwords& dwords,
                             int count) {
    /// Dwords by the count in the same lane, 0..31.
    dwords = S::shift_left32(dwords, dwords);
    dwords = S::shift_right32(dwords, dwords);
    /// Dwords by 16; shift_down16 is unsigned.
    dwords = S::shift_right32_16(dwords);
    dwords = S::shift_up16(dwords);
    dwords = S::shift_down16(dwords);
    /// Words by 0..15, by 8, and by 15 unsigned.
    words = S::shift_right16(words, count);
    words = S::shift_right16_8(words);
    words = S::shift_right16_15_unsigned(words);
    /// Words by 0..7, unsigned. Used on bytes, whose stray bits callers mask.
    bytes = S::shift_right16_by(bytes, count);
    bytes = S::shift_left16_by(bytes, count);
};

/// Changes of order and width. They work within 128-bit lanes, as x86 does; plan.h's order of rows makes up for it.
template <class S>
concept SimdOrder = requires(typename S::Bytes& bytes, typename S::Words& words, typename S::Dwords& dwords,
                             const TablePlan& table, const std::uint8_t* entries) {
    /// The low half of each dword from the first operand, the high half from the second.
    dwords = S::low_halves(dwords, dwords);
    /// Signed saturation to half the width; in each lane first the values of the first operand, then of the second.
    words = S::pack32(dwords, dwords);
    bytes = S::pack16(words, words);
    /// Interleaves the low or the high half of each lane; the first operand's values come first.
    dwords = S::unpack_low16(words, words);
    dwords = S::unpack_high16(words, words);
    words = S::unpack_low8(bytes, bytes);
    words = S::unpack_high8(bytes, bytes);
    /// The first 4, 8 or 16 bytes of each lane, joined at the vector's start. The bytes after them are unspecified.
    bytes = S::template starts_of_lanes<4>(bytes);
    bytes = S::template starts_of_lanes<8>(bytes);
    bytes = S::template starts_of_lanes<16>(bytes);
    /// The table's entry of each index, a signed byte of table.bits bits. `entries` has the kernel's TableOrder; up to
    /// a vector may be read beyond its end.
    bytes = S::lookup(table, entries, bytes);
};

/// Products of weights and activations. V: dword vectors of the block.
template <class S>
concept SimdProduct = requires(const MatrixPlan& matrix, const std::uint8_t* weights, const std::uint8_t* signed_x,
                               const Input& in, typename S::Dwords* acc, typename S::Dwords (&sums)[2][4],
                               const typename S::Bytes (&codes)[8]) {
    /// acc[v] = 2^15 + Σ weight·x over all groups of the matrix, weights as MatrixPlan orders them for Form::fast. x is
    /// the stored activation, x_q ^ activation_xor; it is x_q where pairs saturate and matrix.run is 0.
    S::template product<4>(matrix, weights, in, acc);
    /// add_codes<V, width, groups>: adds Σ code·x_q over `groups` groups of unsigned codes of `width` bits. The caller
    /// adds sums[0] and sums[1], so each term may go to either. signed_x: the plane that holds x_q.
    S::template add_codes<4, 3, 2>(sums, codes, signed_x);
};

/// dot(acc, u, s): acc plus the four byte products of each dword, exact in 32 bits. u is unsigned (activations, or
/// codes) where activation_xor is 0x80 and signed where it is 0; s is signed.
template <class S>
concept SimdDot = requires(typename S::Dwords& dwords) {
    dwords = S::dot(dwords, dwords, dwords);
};

template <class S>
concept SimdSubtract = requires(typename S::Dwords& dwords) {
    dwords = S::sub32(dwords, dwords);
};

/// negatives(x, groups): Σ |x_q| over the negative ones among 4·groups activations; at most 2048·128.
template <class S>
concept SimdNegatives = requires(std::int32_t& sum, const std::uint8_t* x, int groups) {
    sum = S::negatives(x, groups);
};

/// An instruction set that kernels can be made from.
template <class S>
concept Simd = SimdShape<S> && SimdMemory<S> && SimdArithmetic<S> && SimdShift<S> && SimdOrder<S> && SimdProduct<S> &&
               (!S::multiplies_in_place || (SimdDot<S> && SimdSubtract<S>)) &&
               (!S::pairs_saturate || SimdNegatives<S>);

}  // namespace gruve::kernels
