// A step of several streams of one network. Each loaded weight is multiplied with the activations of two streams, and
// the gates of one stream overlap with the work of the other. The arithmetic is that of step.h.
#pragma once

#include "engine/kernels/step.h"

namespace gruve::kernels {

/// Streams whose products are computed together. Two already need fewer loads than products; more would spill
/// registers.
inline constexpr int streams_at_once = 2;

template <Simd S>
struct BatchOf {
    using Whole = Step<S, 4, Form::fast>;  // the step of a whole block
    using Sums = typename Whole::Sums;
    static constexpr int sums_per_row = 4 * 3;
    /// Whether streams can share loaded weights: a block's products are separate ones, and made of dot products.
    static constexpr bool shares_weights = Whole::at_once == 1 && SimdDot<S>;

    /// The next product of a block for each stream; moves `weights` to the one after.
    static GRUVE_INLINE void product(const MatrixPlan& m, const std::uint8_t*& weights,
                                     const std::uint8_t* const (&x)[streams_at_once], Sums (&to)[streams_at_once]) {
        typename S::Dwords sums[streams_at_once * 4];
        each<streams_at_once * 4>([&](auto i) GRUVE_ALWAYS { sums[i] = S::set32(1 << 15); });
        for (int g = 0; g < m.groups; ++g, weights += 4 * S::rows) {
            typename S::Dwords four[streams_at_once];
            each<streams_at_once>([&](auto s) GRUVE_ALWAYS { four[s] = S::broadcast(x[s] + 4 * g); });
            each<4>([&](auto v) GRUVE_ALWAYS {
                auto w = S::load(weights + v * S::rows);
                keep_in_register(w);
                each<streams_at_once>([&](auto s)
                                          GRUVE_ALWAYS { sums[s * 4 + v] = S::dot(sums[s * 4 + v], four[s], w); });
            });
            each<streams_at_once * 4>([&](auto i) GRUVE_ALWAYS { keep_in_register(sums[i]); });
        }
        each<streams_at_once * 4>([&](auto i) GRUVE_ALWAYS { to[i / 4].v[i % 4] = sums[i]; });
    }

    /// A whole block. The weights lie in layout.cpp's order: ir, hr, hn, in, iz, hz.
    static GRUVE_INLINE void block(const GruPlan& p, int row, const std::uint8_t* weights, const StreamStep* streams) {
        const std::int32_t* rows = p.sums() + row * sums_per_row;
        const std::uint8_t *x[streams_at_once], *copy[streams_at_once];
        for (int s = 0; s < streams_at_once; ++s) x[s] = streams[s].x, copy[s] = streams[s].copy;
        Sums of_x[streams_at_once], of_h[streams_at_once];
        typename Whole::WordRows r[streams_at_once], n[streams_at_once];
        product(p.matrices[product_ir], weights, x, of_x);
        product(p.matrices[product_hr], weights, copy, of_h);
        each<streams_at_once>([&](auto s) GRUVE_ALWAYS { r[s] = Whole::reset_gate(p, rows, of_x[s], of_h[s]); });
        product(p.matrices[product_hn], weights, copy, of_h);
        product(p.matrices[product_in], weights, x, of_x);
        each<streams_at_once>([&](auto s) GRUVE_ALWAYS { n[s] = Whole::candidate(p, rows, r[s], of_h[s], of_x[s]); });
        product(p.matrices[product_iz], weights, x, of_x);
        product(p.matrices[product_hz], weights, copy, of_h);
        each<streams_at_once>([&](auto s) GRUVE_ALWAYS {
            Whole::update(p, row, rows, n[s], of_x[s], of_h[s], streams[s].h, streams[s].next_copy);
        });
    }

    /// The rows after the whole blocks, for one stream alone.
    static GRUVE_INLINE void tail(const GruPlan& p, const std::uint8_t* weights, const StreamStep& stream) {
        const Input x{stream.x, 0, 0}, copy{stream.copy, 0, 0};
        const int row = p.blocks.full * S::rows;
        const auto run = [&](auto step) GRUVE_ALWAYS {
            decltype(step)::template gru<false>(p, row, weights, p.sums() + row * sums_per_row, x, copy, stream.h,
                                                stream.next_copy);
        };
        if (p.blocks.tail_vectors == 1) run(Step<S, 1, Form::fast>{});
        if (p.blocks.tail_vectors == 2) run(Step<S, 2, Form::fast>{});
    }

    static void gru_batch(const GruPlan& p, const StreamStep* streams, int count) {
        if constexpr (shares_weights) {
            if (p.form == Form::fast)
                for (; count >= streams_at_once; count -= streams_at_once, streams += streams_at_once) {
                    const std::uint8_t* weights = p.weights();
                    for (int i = 0; i < p.blocks.full; ++i, weights += Whole::weight_bytes(p))
                        block(p, i * S::rows, weights, streams);
                    for (int s = 0; s < streams_at_once; ++s) tail(p, weights, streams[s]);
                }
        }
        for (; count > 0; --count, ++streams)
            Steps<S>::gru_step(p, streams->x, streams->copy, false, streams->h, streams->next_copy);
    }
};

}  // namespace gruve::kernels
