// A step of several streams of one network: every weight that is loaded is multiplied with two streams' activations, and while one
// stream's gates wait for each other there is another one's work to do. What is computed is step.h's.
#pragma once

#include "engine/kernels/step.h"

namespace gruve::kernels {

/// Streams whose products are made together. Two already need fewer loads than products; more need more registers than there are.
inline constexpr int streams_at_once = 2;

template <class S>
struct BatchOf {
    static constexpr int P = streams_at_once;
    using Whole = Step<S, 4, Form::fast>;  // of a whole block
    using Sums = typename Whole::Sums;
    static constexpr int sums_per_row = 4 * 3;
    /// Where a block's products are made one by one, by dot products of four bytes.
    static constexpr bool shares_weights = Whole::at_once == 1 && requires(typename S::Dwords d) { S::dot(d, d, d); };

    /// The next product of a block for each of P streams.
    static GRUVE_INLINE void product(const MatrixPlan& m, const std::uint8_t*& weights,
                                     const std::uint8_t* const (&x)[P], Sums (&to)[P]) {
        typename S::Dwords sums[P * 4];
        each<P * 4>([&](auto i) GRUVE_ALWAYS { sums[i] = S::set32(1 << 15); });
        for (int g = 0; g < m.groups; ++g, weights += 4 * S::rows) {
            typename S::Dwords four[P];
            each<P>([&](auto s) GRUVE_ALWAYS { four[s] = S::broadcast(x[s] + 4 * g); });
            each<4>([&](auto v) GRUVE_ALWAYS {
                auto w = S::load(weights + v * S::rows);
                keep_in_register(w);
                each<P>([&](auto s) GRUVE_ALWAYS { sums[s * 4 + v] = S::dot(sums[s * 4 + v], four[s], w); });
            });
            each<P * 4>([&](auto i) GRUVE_ALWAYS { keep_in_register(sums[i]); });
        }
        each<P * 4>([&](auto i) GRUVE_ALWAYS { to[i / 4].v[i % 4] = sums[i]; });
    }

    /// A whole block; the weights in the order of layout.cpp: ir, hr, hn, in, iz, hz.
    static GRUVE_INLINE void block(const GruPlan& p, int row, const std::uint8_t* weights, const StreamStep* streams) {
        const std::int32_t* rows = p.sums() + row * sums_per_row;
        const std::uint8_t *x[P], *copy[P];
        for (int s = 0; s < P; ++s) x[s] = streams[s].x, copy[s] = streams[s].copy;
        Sums of_x[P], of_h[P];
        typename Whole::WordRows r[P], n[P];
        product(p.matrices[product_ir], weights, x, of_x);
        product(p.matrices[product_hr], weights, copy, of_h);
        each<P>([&](auto s) GRUVE_ALWAYS { r[s] = Whole::reset_gate(p, rows, of_x[s], of_h[s]); });
        product(p.matrices[product_hn], weights, copy, of_h);
        product(p.matrices[product_in], weights, x, of_x);
        each<P>([&](auto s) GRUVE_ALWAYS { n[s] = Whole::candidate(p, rows, r[s], of_h[s], of_x[s]); });
        product(p.matrices[product_iz], weights, x, of_x);
        product(p.matrices[product_hz], weights, copy, of_h);
        each<P>([&](auto s) GRUVE_ALWAYS {
            Whole::update(p, row, rows, n[s], of_x[s], of_h[s], streams[s].h, streams[s].next_copy);
        });
    }

    /// Few rows, for each stream alone.
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
                for (; count >= P; count -= P, streams += P) {
                    const std::uint8_t* weights = p.weights();
                    for (int i = 0; i < p.blocks.full; ++i, weights += Whole::weight_bytes(p))
                        block(p, i * S::rows, weights, streams);
                    for (int s = 0; s < P; ++s) tail(p, weights, streams[s]);
                }
        }
        for (; count > 0; --count, ++streams)
            Steps<S>::gru_step(p, streams->x, streams->copy, false, streams->h, streams->next_copy);
    }
};

}  // namespace gruve::kernels
