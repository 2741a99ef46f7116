// The step of a layer, written once over the vectors S of an instruction set (simd_*.h). Equal to reference.cpp bit for bit:
// every shortcut below is an identity of integers, under bounds that layout.cpp has checked.
//
// S lives in an unnamed namespace, so that every instruction set's file holds its own copy of what is instantiated here and
// the linker can't take code with one set's instructions for another's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "engine/kernels/kernel.h"

#define GRUVE_INLINE inline __attribute__((always_inline))

namespace gruve::kernels {

/// A block of V dword vectors. large_shifts: see GruPlan.
template <class S, int V, bool large_shifts>
struct Block {
    using Bytes = typename S::Bytes;
    using Words = typename S::Words;
    using Dwords = typename S::Dwords;
    static constexpr int words = V == 4 ? 2 : 1;  // vectors of words
    static constexpr int dwords_per_vector = S::rows / 4;
    static constexpr int row_vector = 3 * dwords_per_vector;  // of a SumPlan

    /// Products start at 2^15, so that a plain shift splits them: acc = (sum >> 16)·2^16 + low, low being sum's low half
    /// with its top bit turned, as a signed number.
    struct Sums {
        Dwords v[V];
    };
    struct WordRows {
        Words q[words];
    };

    // `weights` moves on to the next product's.
    static GRUVE_INLINE Sums product(const MatrixPlan& m, const std::uint8_t*& weights, const std::uint8_t* x) {
        Sums acc;
        S::template product<V>(m, weights, x, acc.v);
        weights += static_cast<std::ptrdiff_t>(m.groups) * V * S::rows;
        return acc;
    }

    static GRUVE_INLINE WordRows pack(const Dwords (&t)[V]) {
        if constexpr (V == 4) return {{S::pack32(t[0], t[1]), S::pack32(t[2], t[3])}};
        else return {{S::pack32(t[0], t[V - 1])}};
    }

    static GRUVE_INLINE Bytes pack(const WordRows& w) { return S::pack16(w.q[0], w.q[words - 1]); }

    // low and high: pairs of halves, to be multiplied by (m_1, m_2). See SumPlan.
    static GRUVE_INLINE Dwords sum(Dwords low, Dwords high, const std::int32_t* rows, const SumPlan& p) {
        const Dwords multipliers = S::load(rows);
        const Dwords low_sum = S::add32(S::madd(low, multipliers), S::load(rows + dwords_per_vector));
        const Dwords high_sum = S::add32(S::madd(high, multipliers), S::load(rows + 2 * dwords_per_vector));
        if constexpr (large_shifts)
            return S::shift_right32(S::add32(high_sum, S::shift_right32_16(low_sum)), S::splat(p.shift_right));
        const Dwords both = S::add32(S::shift_left32(high_sum, S::splat(p.shift_left)), S::shift_right32(low_sum, S::splat(p.shift_low)));
        return S::shift_right32(both, S::splat(p.shift_right));
    }

    // acc_1·m_1 + acc_2·m_2 + bias
    static GRUVE_INLINE WordRows sum_of_two(const Sums& one, const Sums& two, const std::int32_t* rows, const SumPlan& p) {
        const Words top_bits = S::set16(INT16_MIN);
        Dwords t[V];
        for (int v = 0; v < V; ++v) {
            const Dwords low = S::xor_bits(S::low_halves(one.v[v], S::shift_up16(two.v[v])), top_bits);
            const Dwords high = S::low_halves(S::shift_down16(one.v[v]), two.v[v]);
            t[v] = sum(low, high, rows + v * row_vector, p);
        }
        return pack(t);
    }

    // acc·m_1 + bias; m_2 is 0, so the other halves don't matter.
    static GRUVE_INLINE WordRows sum_of_one(const Sums& acc, const std::int32_t* rows, const SumPlan& p) {
        const Words top_bits = S::set16(INT16_MIN);
        Dwords t[V];
        for (int v = 0; v < V; ++v) t[v] = sum(S::xor_bits(acc.v[v], top_bits), S::shift_down16(acc.v[v]), rows + v * row_vector, p);
        return pack(t);
    }

    // acc·m_1 + words·m_2 + bias
    static GRUVE_INLINE WordRows sum_with_words(const Sums& acc, const WordRows& w, const std::int32_t* rows, const SumPlan& p) {
        const Words top_bits = S::set16(INT16_MIN), zero = S::set16(0);
        Dwords t[V];
        for (int v = 0; v < V; ++v) {
            const Dwords raised = v % 2 == 0 ? S::unpack_low16(zero, w.q[v / 2]) : S::unpack_high16(zero, w.q[v / 2]);
            t[v] = sum(S::low_halves(S::xor_bits(acc.v[v], top_bits), raised), S::shift_down16(acc.v[v]), rows + v * row_vector, p);
        }
        return pack(t);
    }

    static GRUVE_INLINE Bytes pre_activation(const WordRows& sums, const SumPlan& p) {
        const Bytes bytes = pack(sums);
        return p.clamps ? S::min8(S::max8(bytes, S::splat(p.low)), S::splat(p.high)) : bytes;
    }

    static GRUVE_INLINE WordRows widen_unsigned(Bytes b) {
        const Bytes zero = S::set8(0);
        if constexpr (V == 4) return {{S::unpack_low8(b, zero), S::unpack_high8(b, zero)}};
        else return {{S::unpack_low8(b, zero)}};
    }

    static GRUVE_INLINE WordRows widen_signed(Bytes b) {
        const Bytes zero = S::set8(0);
        if constexpr (V == 4) return {{S::shift_right16_8(S::unpack_low8(zero, b)), S::shift_right16_8(S::unpack_high8(zero, b))}};
        else return {{S::shift_right16_8(S::unpack_low8(zero, b))}};
    }

    template <class Plan>
    static GRUVE_INLINE Words clamp(Words w, const Plan& p) {
        return p.clamps ? S::min16(S::max16(w, S::splat(p.low)), S::splat(p.high)) : w;
    }

    // Words from their low and high dwords; the high ones of a single dword vector are never looked at.
    template <class Half>
    static GRUVE_INLINE Words from_halves(Half half) {
        if constexpr (V == 1) {
            const Dwords low = half([](Words a, Words b) __attribute__((always_inline)) { return S::unpack_low16(a, b); });
            return S::pack32(low, low);
        } else {
            return S::pack32(half([](Words a, Words b) __attribute__((always_inline)) { return S::unpack_low16(a, b); }),
                             half([](Words a, Words b) __attribute__((always_inline)) { return S::unpack_high16(a, b); }));
        }
    }

    // u·v·m = (u·m)·v with u·m = high·2^16 + low, low signed; so it is (v·high + (v·low >> 16))·2^16 + v·low mod 2^16.
    static GRUVE_INLINE Words product_of(Words u, Words v, const ProductPlan& p) {
        const Words m = S::splat(p.multiplier), one = S::set16(1);
        const Words low = S::mullo16(u, m);
        const Words high = S::add16(S::mulhi_unsigned16(u, m), S::shift_right16_15_unsigned(low));
        const Words carry = S::mulhi16(v, low);
        if (p.shift > 16) {
            return clamp(from_halves([&](auto unpack) __attribute__((always_inline)) {
                const Dwords product = S::madd(unpack(v, carry), unpack(high, one));
                return S::shift_right32(S::add32(product, S::splat(p.round)), S::splat(p.shift_right));
            }), p);
        }
        const Words rest = S::mullo16(v, low), zero = S::set16(0);
        return clamp(from_halves([&](auto unpack) __attribute__((always_inline)) {
            const Dwords product = S::madd(unpack(v, carry), unpack(high, one));
            const Dwords below = S::shift_right32(S::add32(unpack(rest, zero), S::splat(p.round)), S::splat(p.shift_right));
            return S::add32(S::shift_left32(product, S::splat(p.shift_left)), below);
        }), p);
    }

    static GRUVE_INLINE Words scaled(Words v, const ScalePlan& p) {
        const Words round = S::splat(p.round);
        return from_halves([&](auto unpack) __attribute__((always_inline)) {
            return S::shift_right32(S::madd(unpack(v, round), S::splat(p.multipliers)), S::splat(p.shift));
        });
    }

    // clamp(round_shift(a·m_a + b·m_b, shift))
    static GRUVE_INLINE Words next_state(Words a, Words b, const GruPlan& p) {
        const Words next = from_halves([&](auto unpack) __attribute__((always_inline)) {
            const Dwords sum = S::add32(S::madd(unpack(a, b), S::splat(p.state_multipliers)), S::splat(p.state_round));
            return S::shift_right32(sum, S::splat(p.state_shift));
        });
        return p.state_clamps ? S::min16(S::max16(next, S::splat(p.state_low)), S::splat(p.state_high)) : next;
    }

    static GRUVE_INLINE void gru(const GruPlan& p, int block, const std::uint8_t* x, const std::uint8_t* copy, std::int16_t* h,
                                 std::uint8_t* next_copy) {
        const std::uint8_t* weights = p.weights + static_cast<std::ptrdiff_t>(block) * 3 * (p.ir.groups + p.hr.groups) * 4 * S::rows;
        const std::int32_t* rows = p.sums + static_cast<std::ptrdiff_t>(block) * 16 * row_vector;
        h += static_cast<std::ptrdiff_t>(block) * S::rows;

        const Sums ir = product(p.ir, weights, x), hr = product(p.hr, weights, copy);
        const Bytes r_pre = pre_activation(sum_of_two(ir, hr, rows, p.sum_r), p.sum_r);
        const WordRows r = widen_unsigned(S::lookup(p.r, p.tables, r_pre));
        const WordRows hn = sum_of_one(product(p.hn, weights, copy), rows + V * row_vector, p.sum_hn);
        WordRows gated;
        for (int q = 0; q < words; ++q) gated.q[q] = product_of(r.q[q], hn.q[q], p.reset);
        const Bytes n_pre = pre_activation(sum_with_words(product(p.in, weights, x), gated, rows + 2 * V * row_vector, p.sum_n), p.sum_n);
        const WordRows n = widen_signed(S::lookup(p.n, p.tables + 256, n_pre));

        const Sums iz = product(p.iz, weights, x), hz = product(p.hz, weights, copy);
        const Bytes z_pre = pre_activation(sum_of_two(iz, hz, rows + 3 * V * row_vector, p.sum_z), p.sum_z);
        const Bytes z_bytes = S::lookup(p.z, p.tables + 512, z_pre);
        const Bytes o_bytes = p.o_is_complement ? S::xor_bits(z_bytes, S::set8(0xff)) : S::lookup(p.o, p.tables + 768, z_pre);
        const WordRows z = widen_unsigned(z_bytes), o = widen_unsigned(o_bytes);

        WordRows copies;
        for (int q = 0; q < words; ++q) {
            std::int16_t* state = h + q * (S::rows / 2);
            const Words a = clamp(scaled(S::mullo16(o.q[q], n.q[q]), p.candidate), p.candidate);
            const Words b = product_of(z.q[q], S::load(state), p.keep);
            const Words next = next_state(a, b, p);
            S::store(state, next);
            copies.q[q] = scaled(next, p.copy);
        }
        Bytes bytes = pack(copies);
        if (p.copy.clamps) bytes = S::min8(S::max8(bytes, S::splat(p.copy.low)), S::splat(p.copy.high));
        S::store_activations(next_copy + static_cast<std::ptrdiff_t>(block) * S::rows, in_row_order(bytes));
    }

    static GRUVE_INLINE Bytes in_row_order(Bytes bytes) { return S::template starts_of_lanes<4 * V>(bytes); }

    // In the order of rows.
    static GRUVE_INLINE void store_words(std::int16_t* to, const WordRows& w) {
        constexpr int in_lane = V == 1 ? 4 : 8;
        for (int q = 0; q < words; ++q) {
            alignas(64) std::int16_t lanes[S::rows / 2];
            S::store(lanes, w.q[q]);
            for (int lane = 0; lane < S::rows / 16; ++lane) std::memcpy(to + (words * lane + q) * in_lane, lanes + 8 * lane, in_lane * sizeof *to);
        }
    }

    static GRUVE_INLINE void dense(const DensePlan& p, int block, const std::uint8_t* x, std::int16_t* y, std::uint8_t* next) {
        const std::uint8_t* weights = p.weights + static_cast<std::ptrdiff_t>(block) * p.linear.groups * 4 * S::rows;
        const std::int32_t* rows = p.sums + static_cast<std::ptrdiff_t>(block) * 4 * row_vector;
        WordRows w = sum_of_one(product(p.linear, weights, x), rows, p.sum);
        for (Words& q : w.q) q = clamp(q, p.sum);
        if (p.entries != nullptr) {
            const Bytes entries = S::lookup(p.table, p.entries, pack(w));
            w = p.is_signed ? widen_signed(entries) : widen_unsigned(entries);
        }
        store_words(y + static_cast<std::ptrdiff_t>(block) * S::rows, w);
        if (next != nullptr) S::store_activations(next + static_cast<std::ptrdiff_t>(block) * S::rows, in_row_order(pack(w)));
    }

    static GRUVE_INLINE void sums(const MatrixPlan& m, const std::uint8_t* weights, int block, const std::uint8_t* x, std::int32_t* to) {
        weights += static_cast<std::ptrdiff_t>(block) * m.groups * 4 * S::rows;
        const Sums acc = product(m, weights, x);
        for (int v = 0; v < V; ++v) S::store(to + (static_cast<std::ptrdiff_t>(block) * 4 + v) * dwords_per_vector, acc.v[v]);
    }
};

/// The functions of a Kernel.
template <class S>
struct Steps {
    template <bool large_shifts>
    static void gru_blocks(const GruPlan& p, const std::uint8_t* x, const std::uint8_t* copy, std::int16_t* h, std::uint8_t* next_copy) {
        for (int block = 0; block < p.blocks.full; ++block) Block<S, 4, large_shifts>::gru(p, block, x, copy, h, next_copy);
        switch (p.blocks.tail_vectors) {
            case 1: Block<S, 1, large_shifts>::gru(p, p.blocks.full, x, copy, h, next_copy); break;
            case 2: Block<S, 2, large_shifts>::gru(p, p.blocks.full, x, copy, h, next_copy); break;
            default: break;
        }
    }

    static void gru_step(const GruPlan& p, const std::uint8_t* x, const std::uint8_t* copy, std::int16_t* h, std::uint8_t* next_copy) {
        p.large_shifts ? gru_blocks<true>(p, x, copy, h, next_copy) : gru_blocks<false>(p, x, copy, h, next_copy);
    }

    static void dense_step(const DensePlan& p, const std::uint8_t* x, std::int16_t* y, std::uint8_t* next) {
        for (int block = 0; block < p.blocks.full; ++block) Block<S, 4, false>::dense(p, block, x, y, next);
        switch (p.blocks.tail_vectors) {
            case 1: Block<S, 1, false>::dense(p, p.blocks.full, x, y, next); break;
            case 2: Block<S, 2, false>::dense(p, p.blocks.full, x, y, next); break;
            default: break;
        }
    }

    static void product(const MatrixPlan& m, const BlockPlan& blocks, const std::uint8_t* weights, const std::uint8_t* x, std::int32_t* sums) {
        for (int block = 0; block < blocks.full; ++block) Block<S, 4, false>::sums(m, weights, block, x, sums);
        switch (blocks.tail_vectors) {
            case 1: Block<S, 1, false>::sums(m, weights, blocks.full, x, sums); break;
            case 2: Block<S, 2, false>::sums(m, weights, blocks.full, x, sums); break;
            default: break;
        }
    }

    static void activate(const std::int8_t* x_q, int count, std::uint8_t* to) {
        alignas(64) std::int8_t some[S::rows] = {};
        for (int i = 0; i < count; i += S::rows) {
            const int left = count - i;
            std::memcpy(some, x_q + i, static_cast<std::size_t>(left < S::rows ? left : S::rows));
            S::store_activations(to + i, S::load(some));
        }
    }
};

}  // namespace gruve::kernels
