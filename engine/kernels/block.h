// The part of a step between its products, written once over the vectors S of an instruction set (simd.h). It equals
// reference.cpp bit for bit: every shortcut is an identity of integers, under bounds that layout.cpp has checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "engine/kernels/plan.h"
#include "engine/kernels/simd.h"
#include "engine/support/always_inline.h"

#define GRUVE_ALWAYS __attribute__((always_inline))  // for a lambda

namespace gruve::kernels {

/// Calls body(0), body(1), …, body(count − 1) with constant indices. GCC keeps an array in registers only if all its
/// indices are constants; a loop variable would force it into memory.
template <int count, class Body>
GRUVE_INLINE void each(Body body) {
    [&]<int... i>(std::integer_sequence<int, i...>) __attribute__((always_inline)) {
        (body(std::integral_constant<int, i>{}), ...);
    }
    (std::make_integer_sequence<int, count>{});
}

/// Hides the value from the optimiser, which would otherwise reload and reorder until registers spill.
template <class Vector>
GRUVE_INLINE void keep_in_register(Vector& v) {
#if defined(__x86_64__)
    asm("" : "+v"(v));
#elif defined(__aarch64__)
    asm("" : "+w"(v));
#endif
}

/// A block of V dword vectors.
template <Simd S, int V, Form form>
struct Block {
    using Bytes = typename S::Bytes;
    using Words = typename S::Words;
    using Dwords = typename S::Dwords;
    static constexpr int words = V == 4 ? 2 : 1;  // word vectors
    static constexpr int dwords_per_vector = S::rows / 4;

    /// Accumulators of a product. They start at 2^15, so that shifts split them: acc = (sum >> 16)·2^16 + low, where
    /// low is the low half of the sum with its top bit flipped, as a signed number.
    struct Sums {
        Dwords v[V];
    };
    struct WordRows {
        Words q[words];
    };

    static GRUVE_INLINE WordRows pack(const Dwords (&t)[V]) {
        if constexpr (V == 4)
            return {{S::pack32(t[0], t[1]), S::pack32(t[2], t[3])}};
        else
            return {{S::pack32(t[0], t[V - 1])}};
    }

    static GRUVE_INLINE Bytes pack(const WordRows& w) { return S::pack16(w.q[0], w.q[words - 1]); }

    // The multipliers and biases of a dword vector's rows, see SumPlan.
    struct RowSums {
        Dwords multipliers, bias_low, bias_high;
    };

    static GRUVE_INLINE RowSums wide_sums(const std::int32_t* at) {
        return {S::load(at), S::load(at + dwords_per_vector), S::load(at + 2 * dwords_per_vector)};
    }

    static GRUVE_INLINE Dwords low_half(Dwords pair) { return S::shift_down16(S::shift_up16(pair)); }
    static GRUVE_INLINE Dwords signed_low_half(Dwords pair) { return S::shift_right32_16(S::shift_up16(pair)); }
    static GRUVE_INLINE Dwords signed_high_half(Dwords pair) { return S::shift_right32_16(pair); }

    static GRUVE_INLINE RowSums narrow_sums(Dwords multipliers, Dwords bias, const SumPlan& p) {
        const Dwords folded = S::add32(S::shift_left32(bias, S::set32(p.bias_shift)), S::splat(shifts[p.shift].round));
        return {multipliers, low_half(folded), signed_high_half(folded)};
    }

    enum Sum { sum_r, sum_hn, sum_n, sum_z };

    // The RowSums of dword vector v in a GRU's block, whose sums start at `rows`.
    template <Sum which>
    static GRUVE_INLINE RowSums row_sums(const GruPlan& p, const std::int32_t* rows, int v) {
        if constexpr (form != Form::compact) {
            return wide_sums(rows + (which * V + v) * 3 * dwords_per_vector);
        } else {
            const std::int32_t* multipliers = rows + v * (p.row_multipliers ? 5 : 2) * dwords_per_vector;
            const std::int32_t* biases = multipliers + (p.row_multipliers ? 3 : 0) * dwords_per_vector;
            const auto pair = [&](int index) __attribute__((always_inline)) {
                return p.row_multipliers ? S::load(multipliers + index * dwords_per_vector)
                                         : S::splat(p.multipliers[index]);
            };
            const Dwords bias_pair = S::load(biases + (which == sum_hn || which == sum_n ? dwords_per_vector : 0));
            const Dwords bias =
                which == sum_r || which == sum_hn ? signed_low_half(bias_pair) : signed_high_half(bias_pair);
            if constexpr (which == sum_r)
                return narrow_sums(pair(0), bias, p.sum_r);
            else if constexpr (which == sum_z)
                return narrow_sums(pair(1), bias, p.sum_z);
            else if constexpr (which == sum_hn)
                return narrow_sums(low_half(pair(2)), bias, p.sum_hn);
            else
                return narrow_sums(S::low_halves(S::shift_down16(pair(2)), S::splat(p.multiplier_p)), bias, p.sum_n);
        }
    }

    // Halves of two accumulators, in pairs to be multiplied by (m_1, m_2). See SumPlan.
    struct Halves {
        Dwords low, high;
    };

    template <bool large_shift>
    static GRUVE_INLINE Dwords sum(const Halves& halves, const RowSums& row, const Shift& shift) {
        const Dwords low_sum = S::add32(S::madd(halves.low, row.multipliers), row.bias_low);
        const Dwords high_sum = S::add32(S::madd(halves.high, row.multipliers), row.bias_high);
        if constexpr (large_shift)
            return S::shift_right32(S::add32(high_sum, S::shift_right32_16(low_sum)), S::splat(shift.right));
        // Shifts up to 16 have no shift to the right.
        return S::add32(S::shift_left32(high_sum, S::splat(shift.left)),
                        S::shift_right32(low_sum, S::splat(shift.low)));
    }

    // halves(v), rows(v): the Halves and RowSums of dword vector v. Shifts of 16 or more take fewer instructions.
    template <class HalvesOf, class Rows>
    static GRUVE_INLINE WordRows sum_of(HalvesOf halves, Rows rows, const SumPlan& p) {
        Dwords t[V];
        const Shift& shift = shifts[p.shift];
        if (p.shift >= 16)
            for (int v = 0; v < V; ++v) t[v] = sum<true>(halves(v), rows(v), shift);
        else
            for (int v = 0; v < V; ++v) t[v] = sum<false>(halves(v), rows(v), shift);
        return pack(t);
    }

    // acc_1·m_1 + acc_2·m_2 + bias
    template <class Rows>
    static GRUVE_INLINE WordRows sum_of_two(const Sums& one, const Sums& two, Rows rows, const SumPlan& p) {
        const Words top_bits = S::set16(Constant<INT16_MIN>{});
        return sum_of(
            [&](int v) GRUVE_ALWAYS -> Halves {
                return {S::xor_bits(S::low_halves(one.v[v], S::shift_up16(two.v[v])), top_bits),
                        S::low_halves(S::shift_down16(one.v[v]), two.v[v])};
            },
            rows, p);
    }

    // acc·m_1 + bias. m_2 is 0, so the second halves do not matter.
    template <class Rows>
    static GRUVE_INLINE WordRows sum_of_one(const Sums& acc, Rows rows, const SumPlan& p) {
        const Words top_bits = S::set16(Constant<INT16_MIN>{});
        return sum_of(
            [&](int v) GRUVE_ALWAYS -> Halves {
                return {S::xor_bits(acc.v[v], top_bits), S::shift_down16(acc.v[v])};
            },
            rows, p);
    }

    // acc·m_1 + words·m_2 + bias
    template <class Rows>
    static GRUVE_INLINE WordRows sum_with_words(const Sums& acc, const WordRows& w, Rows rows, const SumPlan& p) {
        const Words top_bits = S::set16(Constant<INT16_MIN>{}), zero = S::set16(0);
        return sum_of(
            [&](int v) GRUVE_ALWAYS -> Halves {
                const Dwords raised =
                    v % 2 == 0 ? S::unpack_low16(zero, w.q[v / 2]) : S::unpack_high16(zero, w.q[v / 2]);
                return {S::low_halves(S::xor_bits(acc.v[v], top_bits), raised), S::shift_down16(acc.v[v])};
            },
            rows, p);
    }

    static GRUVE_INLINE Bytes pre_activation(const WordRows& sums, const SumPlan& p) {
        return clamp_bytes(pack(sums), p.clamp_bits);
    }

    static GRUVE_INLINE Bytes clamp_bytes(Bytes bytes, int bits) {
        const Limits& limits = byte_limits[static_cast<std::size_t>(bits)];
        return bits > 0 ? S::min8(S::max8(bytes, S::splat(limits.low)), S::splat(limits.high)) : bytes;
    }

    static GRUVE_INLINE WordRows widen_unsigned(Bytes b) {
        const Bytes zero = S::set8(0);
        if constexpr (V == 4)
            return {{S::unpack_low8(b, zero), S::unpack_high8(b, zero)}};
        else
            return {{S::unpack_low8(b, zero)}};
    }

    static GRUVE_INLINE WordRows widen_signed(Bytes b) {
        const Bytes zero = S::set8(0);
        if constexpr (V == 4)
            return {{S::shift_right16_8(S::unpack_low8(zero, b)), S::shift_right16_8(S::unpack_high8(zero, b))}};
        else
            return {{S::shift_right16_8(S::unpack_low8(zero, b))}};
    }

    template <class Plan>
    static GRUVE_INLINE Words clamp(Words w, const Plan& p) {
        const Limits& limits = word_limits[p.clamp_bits];
        return p.clamp_bits > 0 ? S::min16(S::max16(w, S::splat(limits.low)), S::splat(limits.high)) : w;
    }

    // Words from their low and high dwords. The high ones of a block with a single dword vector are unused.
    template <class Half>
    static GRUVE_INLINE Words from_halves(Half half) {
        if constexpr (V == 1) {
            const Dwords low =
                half([](Words a, Words b) __attribute__((always_inline)) { return S::unpack_low16(a, b); });
            return S::pack32(low, low);
        } else {
            return S::pack32(
                half([](Words a, Words b) __attribute__((always_inline)) { return S::unpack_low16(a, b); }),
                half([](Words a, Words b) __attribute__((always_inline)) { return S::unpack_high16(a, b); }));
        }
    }

    // u·v·m = u·(v·m). With v·m = high·2^16 + low and a signed low, it is (u·high + (u·low >> 16))·2^16 + (u·low mod
    // 2^16).
    static GRUVE_INLINE Words product_of(Words u, Words v, const ProductPlan& p) {
        const Words m = S::splat(p.multiplier), one = S::set16(Constant<1>{});
        const Words low = S::mullo16(v, m);
        const Words high = S::add16(S::mulhi16(v, m), S::shift_right16_15_unsigned(low));
        const Words carry = S::mulhi16(u, low);
        const Shift& shift = shifts[p.shift];
        if (p.shift > 16) {
            return clamp(from_halves([&](auto unpack) __attribute__((always_inline)) {
                             const Dwords product = S::madd(unpack(u, carry), unpack(high, one));
                             return S::shift_right32(S::add32(product, S::splat(shift.high_round)),
                                                     S::splat(shift.right));
                         }),
                         p);
        }
        const Words rest = S::mullo16(u, low), zero = S::set16(0);
        return clamp(from_halves([&](auto unpack) __attribute__((always_inline)) {
                         const Dwords product = S::madd(unpack(u, carry), unpack(high, one));
                         const Dwords below =
                             S::shift_right32(S::add32(unpack(rest, zero), S::splat(shift.round)), S::splat(shift.low));
                         return S::add32(S::shift_left32(product, S::splat(shift.left)), below);
                     }),
                     p);
    }

    static GRUVE_INLINE Words scaled(Words v, const ScalePlan& p) {
        const Words round = S::splat(p.round);
        if (p.shift > 16)
            return S::shift_right16(S::add16(S::mulhi16(v, S::splat(p.multipliers)), round), p.shift - 16);
        return from_halves([&](auto unpack) __attribute__((always_inline)) {
            return S::shift_right32(S::madd(unpack(v, round), S::splat(p.multipliers)),
                                    S::splat(shifts[p.shift].whole));
        });
    }

    // clamp(round_shift(a·m_a + b·m_b, shift))
    static GRUVE_INLINE Words next_state(Words a, Words b, const ProductPlan& p) {
        const Shift& shift = shifts[p.shift];
        const Words next = from_halves([&](auto unpack) __attribute__((always_inline)) {
            const Dwords sum = S::add32(S::madd(unpack(a, b), S::splat(p.multiplier)), S::splat(shift.round));
            return S::shift_right32(sum, S::splat(shift.whole));
        });
        return clamp(next, p);
    }

    static GRUVE_INLINE Bytes in_row_order(Bytes bytes) { return S::template starts_of_lanes<4 * V>(bytes); }

    // Writes the words in the order of rows.
    static GRUVE_INLINE void store_words(std::int16_t* to, const WordRows& w) {
        constexpr int in_lane = V == 1 ? 4 : 8;
        for (int q = 0; q < words; ++q) {
            alignas(64) std::int16_t lanes[S::rows / 2];
            S::store(lanes, w.q[q]);
            for (int lane = 0; lane < S::rows / 16; ++lane)
                std::memcpy(to + (words * lane + q) * in_lane, lanes + 8 * lane, in_lane * sizeof *to);
        }
    }
};

}  // namespace gruve::kernels
