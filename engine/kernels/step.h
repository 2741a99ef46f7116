// The step of a layer, written once over the vectors S of an instruction set: see block.h.
#pragma once

#include <algorithm>

#include "engine/kernels/block.h"
#include "engine/kernels/kernel.h"
#include "engine/kernels/packed_product.h"

namespace gruve::kernels {

template <class S, int V, Form form>
struct Step : Block<S, V, form> {
    using B = Block<S, V, form>;
    using Bytes = typename S::Bytes;
    using Words = typename S::Words;
    using Sums = typename B::Sums;
    using WordRows = typename B::WordRows;

    /// What a step reads of its activations.
    struct Input {
        const std::uint8_t* x;
        std::int32_t sum;  // compact: Σ x_q
    };

    // `weights` moves on to the next product's.
    template <int vectors>
    static GRUVE_INLINE void fast_product(const MatrixPlan& m, const std::uint8_t*& weights, const Input& in, typename S::Dwords (&acc)[vectors]) {
        S::template product<vectors>(m, weights, in.x, acc);
        weights += static_cast<std::ptrdiff_t>(m.groups) * vectors * S::rows;
    }

    static GRUVE_INLINE Sums product(const MatrixPlan& m, const std::uint8_t*& weights, const Input& in) {
        Sums sums;
        if constexpr (form == Form::compact) {
            packed_product_of_width<S, V>(m, weights, in.x, in.sum, sums.v);
            weights += packed_bytes(m, V, S::rows);
        } else {
            fast_product<V>(m, weights, in, sums.v);
        }
        return sums;
    }

    struct Gates {
        Sums r, n, z;
    };

    static GRUVE_INLINE Gates one_product(const MatrixPlan& m, const std::uint8_t*& weights, const Input& in) {
        typename S::Dwords acc[3 * V];
        fast_product<3 * V>(m, weights, in, acc);
        Gates gates;
        for (int v = 0; v < V; ++v) gates.r.v[v] = acc[v], gates.n.v[v] = acc[V + v], gates.z.v[v] = acc[2 * V + v];
        return gates;
    }

    static GRUVE_INLINE void gru(const GruPlan& p, int block, const std::uint8_t* weights, const std::int32_t* rows, const Input& x,
                                 const Input& copy, std::int16_t* h, std::uint8_t* next_copy) {
        Gates of_x, of_h;
        constexpr bool one = form != Form::compact && 3 * V <= S::vectors_at_once;
        if constexpr (one) {
            of_x = one_product(p.x_at_once, weights, x);
            of_h = one_product(p.h_at_once, weights, copy);
        } else {
            of_x.r = product(p.ir, weights, x);
            of_h.r = product(p.hr, weights, copy);
        }
        const auto row_sums = [&](auto which) __attribute__((always_inline)) {
            return [&, which](int v) __attribute__((always_inline)) { return B::template row_sums<decltype(which)::value>(p, rows, v); };
        };
        const Bytes r_pre = B::pre_activation(B::sum_of_two(of_x.r, of_h.r, row_sums(Which<B::sum_r>{}), p.sum_r), p.sum_r);
        const WordRows r = B::widen_unsigned(S::lookup(p.r, p.tables + p.r.at, r_pre));

        if constexpr (!one) of_h.n = product(p.hn, weights, copy);
        const WordRows hn = B::sum_of_one(of_h.n, row_sums(Which<B::sum_hn>{}), p.sum_hn);
        WordRows gated;
        for (int q = 0; q < B::words; ++q) gated.q[q] = B::product_of(r.q[q], hn.q[q], p.reset);
        if constexpr (!one) of_x.n = product(p.in, weights, x);
        const Bytes n_pre = B::pre_activation(B::sum_with_words(of_x.n, gated, row_sums(Which<B::sum_n>{}), p.sum_n), p.sum_n);
        const WordRows n = B::widen_signed(S::lookup(p.n, p.tables + p.n.at, n_pre));

        if constexpr (!one) {
            of_x.z = product(p.iz, weights, x);
            of_h.z = product(p.hz, weights, copy);
        }
        const Bytes z_pre = B::pre_activation(B::sum_of_two(of_x.z, of_h.z, row_sums(Which<B::sum_z>{}), p.sum_z), p.sum_z);
        const Bytes z_bytes = S::lookup(p.z, p.tables + p.z.at, z_pre);
        const Bytes o_bytes = p.o_is_complement ? S::xor_bits(z_bytes, S::set8(0xff)) : S::lookup(p.o, p.tables + p.o.at, z_pre);
        const WordRows z = B::widen_unsigned(z_bytes), o = B::widen_unsigned(o_bytes);

        WordRows copies;
        h += static_cast<std::ptrdiff_t>(block) * S::rows;
        for (int q = 0; q < B::words; ++q) {
            std::int16_t* state = h + q * (S::rows / 2);
            const Words a = B::clamp(B::scaled(S::mullo16(o.q[q], n.q[q]), p.candidate), p.candidate);
            const Words b = B::product_of(z.q[q], S::load(state), p.keep);
            const Words next = B::next_state(a, b, p);
            S::store(state, next);
            copies.q[q] = B::scaled(next, p.copy);
        }
        Bytes bytes = B::pack(copies);
        if (p.copy.clamps) bytes = S::min8(S::max8(bytes, S::splat(p.copy.low)), S::splat(p.copy.high));
        S::store_activations(next_copy + static_cast<std::ptrdiff_t>(block) * S::rows, B::in_row_order(bytes));
    }

    static GRUVE_INLINE void dense(const DensePlan& p, int block, const std::uint8_t* weights, const std::int32_t* rows, const Input& x,
                                   std::int16_t* y, std::uint8_t* next) {
        const auto row_sums = [&](int v) __attribute__((always_inline)) {
            if constexpr (form == Form::compact) {
                const auto pair = S::load(rows + v * B::dwords_per_vector);
                return B::narrow_sums(B::low_half(pair), B::signed_high_half(pair), p.sum);
            } else {
                return B::wide_sums(rows + v * 3 * B::dwords_per_vector);
            }
        };
        WordRows w = B::sum_of_one(product(p.linear, weights, x), row_sums, p.sum);
        for (Words& q : w.q) q = B::clamp(q, p.sum);
        if (p.has_table) {
            const Bytes entries = S::lookup(p.table, p.tables + p.table.at, B::pack(w));
            w = p.is_signed ? B::widen_signed(entries) : B::widen_unsigned(entries);
        }
        B::store_words(y + static_cast<std::ptrdiff_t>(block) * S::rows, w);
        if (next != nullptr) S::store_activations(next + static_cast<std::ptrdiff_t>(block) * S::rows, B::in_row_order(B::pack(w)));
    }

    static GRUVE_INLINE void sums(const MatrixPlan& m, const std::uint8_t* weights, int block, const std::uint8_t* x, std::int32_t* to) {
        const Sums acc = product(m, weights, {x, 0});
        for (int v = 0; v < V; ++v) S::store(to + (static_cast<std::ptrdiff_t>(block) * 4 + v) * B::dwords_per_vector, acc.v[v]);
    }

private:
    template <typename B::Sum sum>
    struct Which {
        static constexpr typename B::Sum value = sum;
    };
};

/// The functions of a Kernel.
template <class S>
struct Steps {
    // One call per block: run(Step, index of the block).
    template <Form form, class Run>
    static GRUVE_INLINE void for_blocks(const BlockPlan& blocks, Run run) {
        for (int block = 0; block < blocks.full; ++block) run(Step<S, 4, form>{}, block);
        if (blocks.tail_vectors == 1) run(Step<S, 1, form>{}, blocks.full);
        if (blocks.tail_vectors == 2) run(Step<S, 2, form>{}, blocks.full);
    }

    static std::int32_t sum_of(const std::uint8_t* activations, int count) {
        std::int32_t sum = 0;
        for (int i = 0; i < count; ++i) sum += static_cast<std::int8_t>(activations[i] ^ S::activation_xor);
        return sum;
    }

    template <Form form>
    static void gru_blocks(const GruPlan& p, const std::uint8_t* x, const std::uint8_t* copy, std::int16_t* h, std::uint8_t* next_copy) {
        std::int32_t sum_x = 0, sum_h = 0;
        std::ptrdiff_t weight_bytes = static_cast<std::ptrdiff_t>(3) * (p.ir.groups + p.hr.groups) * 4 * S::rows, row_dwords = 4 * 3 * S::rows;
        if constexpr (form == Form::compact) {
            prefetch(&p, sizeof p);
            prefetch(p.weights, std::min<std::ptrdiff_t>(p.weight_bytes, prefetch_distance));
            prefetch(p.sums, p.sum_bytes);
            prefetch(p.tables, p.table_bytes);
            sum_x = sum_of(x, p.input_size);
            sum_h = sum_of(copy, p.blocks.rows);
            weight_bytes = 0;
            for (const MatrixPlan* m : {&p.ir, &p.hr, &p.hn, &p.in, &p.iz, &p.hz}) weight_bytes += packed_bytes(*m, 4, S::rows);
            row_dwords = (p.row_multipliers ? 5 : 2) * S::rows;
        }
        for_blocks<form>(p.blocks, [&](auto step, int block) __attribute__((always_inline)) {
            decltype(step)::gru(p, block, p.weights + block * weight_bytes, p.sums + block * row_dwords, {x, sum_x}, {copy, sum_h}, h, next_copy);
        });
    }

    static void gru_step(const GruPlan& p, const std::uint8_t* x, const std::uint8_t* copy, std::int16_t* h, std::uint8_t* next_copy) {
        switch (p.form) {
            case Form::fast: return gru_blocks<Form::fast>(p, x, copy, h, next_copy);
            case Form::fast_large_shifts: return gru_blocks<Form::fast_large_shifts>(p, x, copy, h, next_copy);
            case Form::compact: return gru_blocks<Form::compact>(p, x, copy, h, next_copy);
        }
    }

    template <Form form>
    static void dense_blocks(const DensePlan& p, const std::uint8_t* x, std::int16_t* y, std::uint8_t* next) {
        const bool compact = form == Form::compact;
        const std::int32_t sum_x = compact ? sum_of(x, p.input_size) : 0;
        const std::ptrdiff_t weight_bytes = compact ? packed_bytes(p.linear, 4, S::rows) : static_cast<std::ptrdiff_t>(p.linear.groups) * 4 * S::rows;
        const std::ptrdiff_t row_dwords = (compact ? 1 : 3) * S::rows;
        for_blocks<form>(p.blocks, [&](auto step, int block) __attribute__((always_inline)) {
            decltype(step)::dense(p, block, p.weights + block * weight_bytes, p.sums + block * row_dwords, {x, sum_x}, y, next);
        });
    }

    static void dense_step(const DensePlan& p, const std::uint8_t* x, std::int16_t* y, std::uint8_t* next) {
        if (p.form == Form::compact) dense_blocks<Form::compact>(p, x, y, next);
        else dense_blocks<Form::fast>(p, x, y, next);
    }

    static void product(const MatrixPlan& m, const BlockPlan& blocks, const std::uint8_t* weights, const std::uint8_t* x, std::int32_t* sums) {
        for_blocks<Form::fast>(blocks, [&](auto step, int block) __attribute__((always_inline)) {
            decltype(step)::sums(m, weights + static_cast<std::ptrdiff_t>(block) * m.groups * 4 * S::rows, block, x, sums);
        });
    }

    static void activate(const std::int8_t* x_q, int count, std::uint8_t* to) {
        alignas(64) std::int8_t some[S::rows] = {};
        for (int i = 0; i < count; i += S::rows) {
            const int some_count = count - i < S::rows ? count - i : S::rows;
            int k = 0;
            for (; k + 8 <= some_count; k += 8) std::memcpy(some + k, x_q + i + k, 8);
            for (; k < some_count; ++k) some[k] = x_q[i + k];
            S::store_activations(to + i, S::load(some));
        }
    }
};

}  // namespace gruve::kernels
