// The step of a layer, written once over the vectors S of an instruction set (simd.h).
#pragma once

#include <algorithm>

#include "engine/kernels/block.h"
#include "engine/kernels/kernel.h"
#include "engine/kernels/packed_product.h"

namespace gruve::kernels {

/// The step of a block of V dword vectors.
template <Simd S, int V, Form form>
struct Step : Block<S, V, form> {
    using B = Block<S, V, form>;
    using Bytes = typename S::Bytes;
    using Words = typename S::Words;
    using Dwords = typename S::Dwords;
    using Sums = typename B::Sums;
    using WordRows = typename B::WordRows;

    static constexpr bool compact = form == Form::compact;
    static constexpr int at_once = compact ? 1 : gates_at_once(V, S::vectors_at_once);

    static GRUVE_INLINE std::ptrdiff_t weight_bytes(const MatrixPlan& m, int count = 1) {
        return compact ? std::ptrdiff_t{packed_memory_vectors(m, V)} * S::rows
                       : static_cast<std::ptrdiff_t>(m.groups) * count * V * S::rows;
    }

    /// Bytes of a GRU's block.
    static std::ptrdiff_t weight_bytes(const GruPlan& p) {
        if constexpr (!compact) return weight_bytes(p.of_x, 3) + weight_bytes(p.of_h, 3);
        std::ptrdiff_t bytes = 0;
        for (const MatrixPlan& m : p.matrices) bytes += weight_bytes(m);
        return bytes;
    }

    // The next product, or `count` joined ones; moves `weights` to the one after.
    template <int count>
    static GRUVE_INLINE void product(const MatrixPlan& m, const std::uint8_t*& weights, const Input& in,
                                     Sums* const (&to)[count]) {
        Dwords acc[count * V];
        if constexpr (compact)
            packed_product_of_width<S, V>(m, weights, in, acc);
        else
            S::template product<count * V>(m, weights, in, acc);
        weights += weight_bytes(m, count);
        each<count * V>([&](auto i) GRUVE_ALWAYS { to[i / V]->v[i % V] = acc[i]; });
    }

    struct Gates {
        Sums r, n, z;
    };

    template <typename B::Sum which>
    static GRUVE_INLINE auto row_sums_of(const GruPlan& p, const std::int32_t* rows) {
        return [&p, rows ](int v) __attribute__((always_inline)) { return B::template row_sums<which>(p, rows, v); };
    }

    /// r = σ(ir + hr)
    static GRUVE_INLINE WordRows reset_gate(const GruPlan& p, const std::int32_t* rows, const Sums& ir,
                                            const Sums& hr) {
        const Bytes pre = B::pre_activation(B::sum_of_two(ir, hr, row_sums_of<B::sum_r>(p, rows), p.sum_r), p.sum_r);
        return B::widen_unsigned(S::lookup(p.r, p.tables() + p.r.at, pre));
    }

    /// n = tanh(in + r ⊙ hn)
    static GRUVE_INLINE WordRows candidate(const GruPlan& p, const std::int32_t* rows, const WordRows& r,
                                           const Sums& hn_sums, const Sums& in_sums) {
        const WordRows hn = B::sum_of_one(hn_sums, row_sums_of<B::sum_hn>(p, rows), p.sum_hn);
        WordRows gated;
        for (int q = 0; q < B::words; ++q) gated.q[q] = B::product_of(r.q[q], hn.q[q], p.reset);
        const Bytes pre =
            B::pre_activation(B::sum_with_words(in_sums, gated, row_sums_of<B::sum_n>(p, rows), p.sum_n), p.sum_n);
        return B::widen_signed(S::lookup(p.n, p.tables() + p.n.at, pre));
    }

    /// z = σ(iz + hz), h' = (1 − z) ⊙ n + z ⊙ h
    static GRUVE_INLINE void update(const GruPlan& p, int row, const std::int32_t* rows, const WordRows& n,
                                    const Sums& iz, const Sums& hz, std::int16_t* h, std::uint8_t* next_copy) {
        const Bytes z_pre = B::pre_activation(B::sum_of_two(iz, hz, row_sums_of<B::sum_z>(p, rows), p.sum_z), p.sum_z);
        const Bytes z_bytes = S::lookup(p.z, p.tables() + p.z.at, z_pre);
        const Bytes o_bytes =
            p.o_is_complement ? S::xor_bits(z_bytes, S::set8(0xff)) : S::lookup(p.o, p.tables() + p.o.at, z_pre);
        const WordRows z = B::widen_unsigned(z_bytes), o = B::widen_unsigned(o_bytes);

        WordRows copies;
        h += row;
        for (int q = 0; q < B::words; ++q) {
            std::int16_t* state = h + q * (S::rows / 2);
            const Words a = B::clamp(B::scaled(S::mullo16(o.q[q], n.q[q]), p.candidate), p.candidate);
            const Words b = B::product_of(z.q[q], S::load(state), p.keep);
            const Words next = B::next_state(a, b, p.state);
            S::store(state, next);
            copies.q[q] = B::scaled(next, p.copy);
        }
        S::store_activations(next_copy + row, B::in_row_order(B::clamp_bytes(B::pack(copies), p.copy.clamp_bits)));
    }

    // One block of a GRU step. The weights lie in the order r, n, z.
    template <bool backwards>
    static GRUVE_INLINE void gru(const GruPlan& p, int row, const std::uint8_t* weights, const std::int32_t* rows,
                                 const Input& x, const Input& copy, std::int16_t* h, std::uint8_t* next_copy) {
        Gates of_x, of_h;
        const std::uint8_t* const of_r = weights;
        const auto products = [&](const MatrixPlan& m, const Input& in, auto&... sums)
                                  GRUVE_ALWAYS { product<sizeof...(sums)>(m, weights, in, {&sums...}); };
        const auto r_products = [&]() GRUVE_ALWAYS {  // and those joined with them
            if constexpr (backwards) weights = of_r;
            if constexpr (at_once == 3)
                products(p.of_x, x, of_x.r, of_x.n, of_x.z), products(p.of_h, copy, of_h.r, of_h.n, of_h.z);
            else if constexpr (at_once == 2)
                products(p.matrices[product_ir], x, of_x.r, of_x.z),
                    products(p.matrices[product_hr], copy, of_h.r, of_h.z);
            else
                products(p.matrices[product_ir], x, of_x.r), products(p.matrices[product_hr], copy, of_h.r);
        };
        const auto n_products = [&]() GRUVE_ALWAYS {
            if constexpr (at_once == 3) return;
            if constexpr (backwards) weights = of_r + weight_bytes(p.of_x, at_once) + weight_bytes(p.of_h, at_once);
            products(p.matrices[product_hn], copy, of_h.n), products(p.matrices[product_in], x, of_x.n);
        };
        const auto z_products = [&]() GRUVE_ALWAYS {
            if constexpr (at_once > 1) return;
            products(p.matrices[product_iz], x, of_x.z), products(p.matrices[product_hz], copy, of_h.z);
        };
        // Forwards, the processor overlaps gates with the products that follow. Backwards, r's products come last and
        // the gates wait for them.
        if constexpr (backwards) {
            n_products();
            z_products();
        }
        r_products();
        const WordRows r = reset_gate(p, rows, of_x.r, of_h.r);
        if constexpr (!backwards) n_products();
        const WordRows n = candidate(p, rows, r, of_h.n, of_x.n);
        if constexpr (!backwards) z_products();
        update(p, row, rows, n, of_x.z, of_h.z, h, next_copy);
    }

    static GRUVE_INLINE WordRows dense_rows(const DensePlan& p, const std::uint8_t* weights, const std::int32_t* rows,
                                            const Input& x) {
        const auto row_sums = [&](int v) __attribute__((always_inline)) {
            if constexpr (form == Form::compact) {
                const auto pair = S::load(rows + v * B::dwords_per_vector);
                return B::narrow_sums(B::low_half(pair), B::signed_high_half(pair), p.sum);
            } else {
                return B::wide_sums(rows + v * 3 * B::dwords_per_vector);
            }
        };
        Sums acc;
        product<1>(p.linear, weights, x, {&acc});
        WordRows w = B::sum_of_one(acc, row_sums, p.sum);
        for (Words& q : w.q) q = B::clamp(q, p.sum);
        if (p.has_table) {
            const Bytes entries = S::lookup(p.table, p.tables() + p.table.at, B::pack(w));
            w = p.is_signed ? B::widen_signed(entries) : B::widen_unsigned(entries);
        }
        return w;
    }

    static GRUVE_INLINE void dense(const DensePlan& p, int row, const std::uint8_t* weights, const std::int32_t* rows,
                                   const Input& x, std::int16_t* y, std::uint8_t* next) {
        const WordRows w = dense_rows(p, weights, rows, x);
        B::store_words(y + row, w);
        if (next != nullptr) S::store_activations(next + row, B::in_row_order(B::pack(w)));
    }

    static GRUVE_INLINE void dense_of_band(const DensePlan& p, int row, const std::uint8_t* weights,
                                           const std::int32_t* rows, const Input& x, const BandStep& band) {
        WordRows w = dense_rows(p, weights, rows, x);
        for (int q = 0; q < B::words; ++q) {
            std::int16_t* path = band.path + row + q * (S::rows / 2);
            if (p.on_path == OnPath::starts) S::store(path, S::mullo16(w.q[q], S::splat(p.lift)));
            if (p.on_path == OnPath::adds) {
                const Words sum = S::add16_saturated(S::load(path), w.q[q]);
                S::store(path, sum);
                w.q[q] = B::scaled(sum, p.copy);
            }
        }
        if (band.y != nullptr) B::store_words(band.y + row, w);
        if (band.next != nullptr)
            S::store_activations(band.next + row, B::in_row_order(B::clamp_bytes(B::pack(w), p.copy.clamp_bits)));
    }

    static GRUVE_INLINE void sums(const MatrixPlan& m, const std::uint8_t* weights, int row, const Input& in,
                                  std::int32_t* to) {
        Sums acc;
        product<1>(m, weights, in, {&acc});
        for (int v = 0; v < V; ++v) S::store(to + row + v * B::dwords_per_vector, acc.v[v]);
    }
};

/// The share of a 32 KB L1 cache that a step's weights may fill. If they take more, alternate steps walk the blocks
/// backwards (S::walks_backwards), each with r's products last. A block is read forwards in two pieces, because each
/// new starting point costs a processor that waits for memory more time.
inline constexpr int l1_bytes = 28 << 10;

/// The functions of a Kernel (kernel.h).
template <Simd S>
struct Steps {
    // Calls run(Step, first row, weights, whether backwards) for each block. weight_bytes(Step): bytes of such a block.
    // Backwards, the whole blocks come after the tail, from the last to the first.
    template <Form form, bool backwards, class WeightBytes, class Run>
    static GRUVE_INLINE void for_blocks(const BlockPlan& blocks, const std::uint8_t* weights, WeightBytes weight_bytes,
                                        Run run) {
        const std::ptrdiff_t of_full = weight_bytes(Step<S, 4, form>{});
        if constexpr (!backwards)
            for (int block = 0; block < blocks.full; ++block, weights += of_full)
                run(Step<S, 4, form>{}, block * S::rows, weights, std::false_type{});
        else
            weights += blocks.full * of_full;
        int row = blocks.full * S::rows;
        const std::uint8_t* tail = weights;
        if (blocks.tail_vectors >= 2) {
            run(Step<S, 2, form>{}, row, tail, std::false_type{});
            if constexpr (form == Form::compact) row += S::rows / 2, tail += weight_bytes(Step<S, 2, form>{});
        }
        if (blocks.tail_vectors % 2 == 1) run(Step<S, 1, form>{}, row, tail, std::false_type{});
        if constexpr (backwards)
            for (int block = blocks.full - 1; block >= 0; --block)
                run(Step<S, 4, form>{}, block * S::rows, weights -= of_full, std::true_type{});
    }

    static std::int32_t sum_of(const std::uint8_t* activations, int count) {
        std::int32_t sum = 0;
        for (int i = 0; i < count; ++i) sum += static_cast<std::int8_t>(activations[i] ^ S::activation_xor);
        return sum;
    }

    // count: number of activations. is_signed: some products multiply signed activations although pairs saturate.
    template <Form form>
    static GRUVE_INLINE Input input_of(const std::uint8_t* x, int count, bool is_signed, bool prefetch) {
        Input in{x, form == Form::compact ? sum_of(x, count) : 0, 0, prefetch};
        if constexpr (S::pairs_saturate)
            if (is_signed) in.negatives = S::negatives(x, (count + 3) / 4);
        return in;
    }

    template <Form form>
    static void gru_blocks(const GruPlan& p, const std::uint8_t* x, const std::uint8_t* copy, bool backwards,
                           std::int16_t* h, std::uint8_t* next_copy) {
        int dwords_per_row = 4 * 3;
        if constexpr (form == Form::compact) {
            if (p.in_memory) {
                prefetch(&p, std::min<std::ptrdiff_t>(p.sums_at, p.weights_at + prefetch_distance));
                prefetch(p.sums(), p.end - p.sums_at);
            }
            dwords_per_row = p.row_multipliers ? 5 : 2;
        }
        const auto is_signed = [&](const MatrixPlan& m) {
            return p.blocks.full > 0 && (form == Form::compact || m.run == 0);
        };
        const Input of_x = input_of<form>(x, p.input_size, is_signed(p.of_x), p.in_memory),
                    of_h = input_of<form>(copy, p.blocks.rows, is_signed(p.of_h), p.in_memory);
        const auto weight_bytes = [&](auto step) GRUVE_ALWAYS { return decltype(step)::weight_bytes(p); };
        const auto run = [&](auto step, int row, const std::uint8_t* weights, auto reverse)
            __attribute__((always_inline)) {
            decltype(step)::template gru<decltype(reverse)::value>(p, row, weights, p.sums() + row * dwords_per_row,
                                                                   of_x, of_h, h, next_copy);
        };
        if constexpr (form != Form::compact && S::walks_backwards)
            if (backwards && p.sums_at - p.weights_at > l1_bytes)
                return for_blocks<form, true>(p.blocks, p.weights(), weight_bytes, run);
        for_blocks<form, false>(p.blocks, p.weights(), weight_bytes, run);
    }

    static void gru_step(const GruPlan& p, const std::uint8_t* x, const std::uint8_t* copy, bool backwards,
                         std::int16_t* h, std::uint8_t* next_copy) {
        if (p.form == Form::compact)
            gru_blocks<Form::compact>(p, x, copy, backwards, h, next_copy);
        else
            gru_blocks<Form::fast>(p, x, copy, backwards, h, next_copy);
    }

    template <Form form>
    static void dense_blocks(const DensePlan& p, const std::uint8_t* x, std::int16_t* y, std::uint8_t* next) {
        const Input in = input_of<form>(x, p.input_size, p.blocks.full > 0 && p.linear.run == 0, form == Form::compact);
        constexpr int dwords_per_row = form == Form::compact ? 1 : 3;
        const auto weight_bytes = [&](auto step) GRUVE_ALWAYS { return decltype(step)::weight_bytes(p.linear); };
        for_blocks<form, false>(
            p.blocks, p.weights(),
            weight_bytes, [&](auto step, int row, const std::uint8_t* weights, auto) __attribute__((always_inline)) {
                decltype(step)::dense(p, row, weights, p.sums() + row * dwords_per_row, in, y, next);
            });
    }

    static void dense_step(const DensePlan& p, const std::uint8_t* x, std::int16_t* y, std::uint8_t* next) {
        if (p.form == Form::compact)
            dense_blocks<Form::compact>(p, x, y, next);
        else
            dense_blocks<Form::fast>(p, x, y, next);
    }

    static void dense_bands(const DensePlan& p, const BandStep* bands, int count) {
        const auto weight_bytes = [&](auto step) GRUVE_ALWAYS { return decltype(step)::weight_bytes(p.linear); };
        const std::int32_t* sums = p.sums();
        for (; count > 0; --count, ++bands, sums += p.sums_of_band) {
            const Input in =
                input_of<Form::fast>(bands->x, p.input_size, p.blocks.full > 0 && p.linear.run == 0, false);
            for_blocks<Form::fast, false>(
                p.blocks, p.weights(), weight_bytes,
                [&](auto step, int row, const std::uint8_t* weights, auto) __attribute__((always_inline)) {
                    decltype(step)::dense_of_band(p, row, weights, sums + row * 3, in, *bands);
                });
        }
    }

    static void product(const MatrixPlan& m, const BlockPlan& blocks, const std::uint8_t* weights,
                        const std::uint8_t* x, std::int32_t* sums) {
        const Input in = input_of<Form::fast>(x, m.groups * 4, m.run == 0, false);
        const auto weight_bytes = [&](auto step) GRUVE_ALWAYS { return decltype(step)::weight_bytes(m); };
        for_blocks<Form::fast, false>(
            blocks, weights,
            weight_bytes, [&](auto step, int row, const std::uint8_t* of_block, auto) __attribute__((always_inline)) {
                decltype(step)::sums(m, of_block, row, in, sums);
            });
    }

    // Eight-byte stores let later loads be store-forwarded; byte-wise stores would stall them.
    static void activate(const std::int8_t* x_q, int count, std::uint8_t* to) {
        for (; count >= 8; count -= 8, x_q += 8, to += 8) {
            std::uint64_t eight;
            std::memcpy(&eight, x_q, sizeof eight);
            S::store_eight_activations(to, eight);
        }
        if (count == 0) return;
        std::uint64_t some = 0;
        for (int i = count - 1; i >= 0; --i) some = some << 8 | static_cast<std::uint8_t>(x_q[i]);
        S::store_eight_activations(to, some);
    }

    static void outputs(const std::uint8_t* activations, int count, std::int16_t* y) {
        for (; count >= 8; count -= 8, activations += 8, y += 8) S::store_eight_outputs(y, activations);
        for (int i = 0; i < count; ++i) y[i] = static_cast<std::int8_t>(activations[i] ^ S::activation_xor);
    }
};

}  // namespace gruve::kernels
