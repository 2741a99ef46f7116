// The step of a layer, written once over the vectors S of an instruction set (simd_*.h). Equal to reference.cpp bit for bit:
// every shortcut below is an identity of integers, under bounds that layout.cpp has checked.
//
// S lives in an unnamed namespace, so that every instruction set's file holds its own copy of what is instantiated here and
// the linker can't take code with one set's instructions for another's.
#pragma once

#include <cstdint>
#include <cstring>

#include "engine/kernels/kernel.h"

#define GRUVE_INLINE inline __attribute__((always_inline))

namespace gruve::kernels {

/// A block's products: one vector per dword vector of rows. They start at 2^15, so that a plain shift splits them:
/// acc = (sum >> 16)·2^16 + low, low being sum's low half with its top bit turned, as a signed number.
template <class S>
struct Accumulators {
    typename S::Dwords v[4];
};

template <class S>
struct WordPair {
    typename S::Words q[2];
};

template <class S>
struct Vector {
    using Bytes = typename S::Bytes;
    using Words = typename S::Words;
    using Dwords = typename S::Dwords;
    static constexpr int dwords_per_row_vector = S::rows / 4;

    static GRUVE_INLINE Accumulators<S> product(const MatrixPlan& m, int block, const std::uint8_t* x) {
        Accumulators<S> acc;
        S::product(m, m.weights + static_cast<std::ptrdiff_t>(block) * m.groups * 4 * S::rows, x, acc.v);
        return acc;
    }

    // low and high: pairs of halves, to be multiplied by (m_1, m_2). See SumPlan.
    static GRUVE_INLINE Dwords sum(Dwords low, Dwords high, const std::int32_t* rows, const SumPlan& p) {
        const Dwords multipliers = S::load(rows);
        const Dwords low_sum = S::add32(S::madd(low, multipliers), S::load(rows + dwords_per_row_vector));
        const Dwords high_sum = S::add32(S::madd(high, multipliers), S::load(rows + 2 * dwords_per_row_vector));
        const Dwords both = S::add32(S::shift_left32(high_sum, S::count(p.shift_left)), S::shift_right32(low_sum, S::count(p.shift_low)));
        return S::shift_right32(both, S::count(p.shift_right));
    }

    static GRUVE_INLINE const std::int32_t* rows_of(const SumPlan& p, int block, int v) {
        return p.rows + (static_cast<std::ptrdiff_t>(block) * 4 + v) * 3 * dwords_per_row_vector;
    }

    // acc_1·m_1 + acc_2·m_2 + bias
    static GRUVE_INLINE WordPair<S> sum_of_two(const Accumulators<S>& one, const Accumulators<S>& two, int block, const SumPlan& p) {
        const Words top_bits = S::set16(INT16_MIN);
        Dwords t[4];
        for (int v = 0; v < 4; ++v) {
            const Dwords low = S::xor_bits(S::low_halves(one.v[v], S::shift_up16(two.v[v])), top_bits);
            const Dwords high = S::low_halves(S::shift_down16(one.v[v]), two.v[v]);
            t[v] = sum(low, high, rows_of(p, block, v), p);
        }
        return {{S::pack32(t[0], t[1]), S::pack32(t[2], t[3])}};
    }

    // acc·m_1 + bias; m_2 is 0, so the other halves don't matter.
    static GRUVE_INLINE WordPair<S> sum_of_one(const Accumulators<S>& acc, int block, const SumPlan& p) {
        const Words top_bits = S::set16(INT16_MIN);
        Dwords t[4];
        for (int v = 0; v < 4; ++v) t[v] = sum(S::xor_bits(acc.v[v], top_bits), S::shift_down16(acc.v[v]), rows_of(p, block, v), p);
        return {{S::pack32(t[0], t[1]), S::pack32(t[2], t[3])}};
    }

    // acc·m_1 + words·m_2 + bias
    static GRUVE_INLINE WordPair<S> sum_with_words(const Accumulators<S>& acc, const WordPair<S>& words, int block, const SumPlan& p) {
        const Words top_bits = S::set16(INT16_MIN), zero = S::set16(0);
        Dwords t[4];
        for (int v = 0; v < 4; ++v) {
            const Words w = words.q[v / 2];
            const Dwords raised = v % 2 == 0 ? S::unpack_low16(zero, w) : S::unpack_high16(zero, w);
            t[v] = sum(S::low_halves(S::xor_bits(acc.v[v], top_bits), raised), S::shift_down16(acc.v[v]), rows_of(p, block, v), p);
        }
        return {{S::pack32(t[0], t[1]), S::pack32(t[2], t[3])}};
    }

    // Packing saturates at 8 bits; narrower pre-activations need the clamp.
    static GRUVE_INLINE Bytes pre_activation(const WordPair<S>& sums, const SumPlan& p) {
        return S::min8(S::max8(S::pack16(sums.q[0], sums.q[1]), S::set8(p.low)), S::set8(p.high));
    }

    static GRUVE_INLINE WordPair<S> widen_unsigned(Bytes b) {
        const Bytes zero = S::set8(0);
        return {{S::unpack_low8(b, zero), S::unpack_high8(b, zero)}};
    }

    static GRUVE_INLINE WordPair<S> widen_signed(Bytes b) {
        const Bytes zero = S::set8(0);
        return {{S::shift_right16_8(S::unpack_low8(zero, b)), S::shift_right16_8(S::unpack_high8(zero, b))}};
    }

    static GRUVE_INLINE Words clamp(Words w, int low, int high) {
        return S::min16(S::max16(w, S::set16(low)), S::set16(high));
    }

    // u·v·m = (u·m)·v with u·m = high·2^16 + low, low signed; so it is (v·high + (v·low >> 16))·2^16 + v·low mod 2^16.
    static GRUVE_INLINE Words product_of(Words u, Words v, const ProductPlan& p) {
        const Words m = S::set16(p.multiplier), one = S::set16(1);
        const Words low = S::mullo16(u, m);
        const Words high = S::add16(S::mulhi_unsigned16(u, m), S::shift_right16_15_unsigned(low));
        const Words carry = S::mulhi16(v, low);
        Dwords a = S::madd(S::unpack_low16(v, carry), S::unpack_low16(high, one));
        Dwords b = S::madd(S::unpack_high16(v, carry), S::unpack_high16(high, one));
        if (p.shift > 16) {
            const Dwords round = S::set32(1 << (p.shift - 17));
            const auto count = S::count(p.shift - 16);
            a = S::shift_right32(S::add32(a, round), count);
            b = S::shift_right32(S::add32(b, round), count);
        } else {
            const Words rest = S::mullo16(v, low), zero = S::set16(0);
            const Dwords round = S::set32(p.shift == 0 ? 0 : 1 << (p.shift - 1));
            const auto up = S::count(16 - p.shift), down = S::count(p.shift);
            a = S::add32(S::shift_left32(a, up), S::shift_right32(S::add32(S::unpack_low16(rest, zero), round), down));
            b = S::add32(S::shift_left32(b, up), S::shift_right32(S::add32(S::unpack_high16(rest, zero), round), down));
        }
        return clamp(S::pack32(a, b), p.low, p.high);
    }

    static GRUVE_INLINE Words scaled(Words v, const ScalePlan& p) {
        const Words round = S::set16(p.round_v);
        const Dwords m = S::set32(p.multiplier | static_cast<int>(static_cast<unsigned>(p.round_m) << 16));
        const auto count = S::count(p.shift);
        const Dwords a = S::shift_right32(S::madd(S::unpack_low16(v, round), m), count);
        const Dwords b = S::shift_right32(S::madd(S::unpack_high16(v, round), m), count);
        return clamp(S::pack32(a, b), p.low, p.high);
    }

    // clamp(round_shift(a·m_a + b·m_b, shift_state))
    static GRUVE_INLINE Words next_state(Words a, Words b, const GruPlan& p) {
        const Dwords m = S::set32(p.m_a | p.m_b << 16), round = S::set32(p.round_state);
        const auto count = S::count(p.shift_state);
        const Dwords low = S::shift_right32(S::add32(S::madd(S::unpack_low16(a, b), m), round), count);
        const Dwords high = S::shift_right32(S::add32(S::madd(S::unpack_high16(a, b), m), round), count);
        return clamp(S::pack32(low, high), p.state_low, p.state_high);
    }

    static GRUVE_INLINE void gru_block(const GruPlan& p, int block, const std::uint8_t* x, const std::uint8_t* copy, std::int16_t* h,
                                       std::uint8_t* next_copy) {
        const Bytes r_pre = pre_activation(sum_of_two(product(p.ir, block, x), product(p.hr, block, copy), block, p.sum_r), p.sum_r);
        const WordPair<S> r = widen_unsigned(S::lookup(p.table_r, r_pre, p.bits_r));
        const Bytes z_pre = pre_activation(sum_of_two(product(p.iz, block, x), product(p.hz, block, copy), block, p.sum_z), p.sum_z);
        const WordPair<S> z = widen_unsigned(S::lookup(p.table_z, z_pre, p.bits_z));
        const WordPair<S> o = widen_unsigned(S::lookup(p.table_o, z_pre, p.bits_z));

        const WordPair<S> hn = sum_of_one(product(p.hn, block, copy), block, p.sum_hn);
        const WordPair<S> gated{{product_of(r.q[0], hn.q[0], p.reset), product_of(r.q[1], hn.q[1], p.reset)}};
        const Bytes n_pre = pre_activation(sum_with_words(product(p.in, block, x), gated, block, p.sum_n), p.sum_n);
        const WordPair<S> n = widen_signed(S::lookup(p.table_n, n_pre, p.bits_n));

        Words copies[2];
        for (int q = 0; q < 2; ++q) {
            std::int16_t* state = h + (static_cast<std::ptrdiff_t>(block) * 2 + q) * (S::rows / 2);
            const Words a = scaled(S::mullo16(o.q[q], n.q[q]), p.candidate);
            const Words b = product_of(z.q[q], S::load(state), p.keep);
            const Words next = next_state(a, b, p);
            S::store(state, next);
            copies[q] = scaled(next, p.copy);
        }
        const Bytes bytes = S::xor_bits(S::pack16(copies[0], copies[1]), S::set8(S::activation_xor));
        S::store(next_copy + static_cast<std::ptrdiff_t>(block) * S::rows, bytes);
    }

    static void gru_step(const GruPlan& p, const std::uint8_t* x, const std::uint8_t* copy, std::int16_t* h, std::uint8_t* next_copy) {
        for (int block = 0; block < p.blocks; ++block) gru_block(p, block, x, copy, h, next_copy);
    }

    static void products(const MatrixPlan& m, int blocks, const std::uint8_t* x, std::int32_t* sums) {
        for (int block = 0; block < blocks; ++block) {
            const Accumulators<S> acc = product(m, block, x);
            for (int v = 0; v < 4; ++v) S::store(sums + (static_cast<std::ptrdiff_t>(block) * 4 + v) * dwords_per_row_vector, acc.v[v]);
        }
    }

    // From the order of words to that of rows.
    static GRUVE_INLINE void store_rows(std::int16_t* y, const WordPair<S>& words) {
        for (int q = 0; q < 2; ++q) {
            alignas(64) std::int16_t lanes[S::rows / 2];
            S::store(lanes, words.q[q]);
            for (int lane = 0; lane < S::rows / 16; ++lane) std::memcpy(y + 16 * lane + 8 * q, lanes + 8 * lane, 16);
        }
    }

    static void dense_step(const DensePlan& p, const std::uint8_t* x, std::int16_t* y, std::uint8_t* next) {
        for (int block = 0; block < p.blocks; ++block) {
            WordPair<S> words = sum_of_one(product(p.linear, block, x), block, p.sum);
            for (Words& w : words.q) w = clamp(w, p.sum.low, p.sum.high);
            if (p.table != nullptr) {
                const Bytes entries = S::lookup(p.table, S::pack16(words.q[0], words.q[1]), p.bits);
                words = p.is_signed ? widen_signed(entries) : widen_unsigned(entries);
            }
            store_rows(y + static_cast<std::ptrdiff_t>(block) * S::rows, words);
            if (next != nullptr)
                S::store(next + static_cast<std::ptrdiff_t>(block) * S::rows,
                         S::xor_bits(S::pack16(words.q[0], words.q[1]), S::set8(S::activation_xor)));
        }
    }
};

}  // namespace gruve::kernels
