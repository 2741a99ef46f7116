// The product loop of instruction sets with an instruction that adds four byte products to a dword.
#pragma once

#include "engine/kernels/step.h"

namespace gruve::kernels {

/// S::product() by S::dot(). A dot product has a latency of four or five cycles, so at least eight sums are kept in
/// flight.
template <SimdDot S, int V>
GRUVE_INLINE void add_dot_products(const MatrixPlan& m, const std::uint8_t* weights, const std::uint8_t* x,
                                   typename S::Dwords* acc) {
    constexpr int ways = V >= 8 ? 1 : 12 / V < 4 ? 12 / V : 4, group_bytes = V * S::rows;
    typename S::Dwords sums[ways * V];
    each<ways * V>([&](auto i) GRUVE_ALWAYS { sums[i] = S::set32(i < V ? 1 << 15 : 0); });
    const int count = m.groups / ways;
    for (int i = 0; i < count; ++i, weights += ways * group_bytes, x += 4 * ways)
        each<ways * V>([&](auto k) GRUVE_ALWAYS {
            sums[k] = S::dot(sums[k], S::broadcast(x + 4 * (k / V)), S::load(weights + k * S::rows));
        });
    for (int g = count * ways; g < m.groups; ++g, weights += group_bytes, x += 4)
        each<V>([&](auto v)
                    GRUVE_ALWAYS { sums[v] = S::dot(sums[v], S::broadcast(x), S::load(weights + v * S::rows)); });
    each<V>([&](auto v) GRUVE_ALWAYS {
        acc[v] = sums[v];
        each<ways - 1>([&](auto way) GRUVE_ALWAYS { acc[v] = S::add32(acc[v], sums[(way + 1) * V + v]); });
    });
}

/// S::add_codes() by S::dot(): codes are its unsigned operand, the signed activations x the other.
template <SimdDot S, int V, int groups>
GRUVE_INLINE void add_dot_products_of_codes(typename S::Dwords (&sums)[2][V],
                                            const typename S::Bytes (&codes)[V * groups], const std::uint8_t* x) {
    for (int g = 0; g < groups; ++g)
        for (int v = 0; v < V; ++v) sums[g % 2][v] = S::dot(sums[g % 2][v], codes[g * V + v], S::broadcast(x + 4 * g));
}

}  // namespace gruve::kernels
