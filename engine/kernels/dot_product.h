// The product loop of instruction sets that add products of four bytes to a dword at once.
#pragma once

#include "engine/kernels/step.h"

namespace gruve::kernels {

/// S::dot(acc, x, weights): acc + the products of a group. A dot product waits four or five cycles for the one before, so there
/// are at least eight sums in flight.
template <class S, int V>
GRUVE_INLINE void add_dot_products(const MatrixPlan& m, const std::uint8_t* weights, const std::uint8_t* x, typename S::Dwords (&acc)[V]) {
    constexpr int ways = V >= 8 ? 1 : 12 / V < 4 ? 12 / V : 4;
    typename S::Dwords sums[ways][V];
    for (int way = 0; way < ways; ++way)
        for (int v = 0; v < V; ++v) sums[way][v] = S::set32(way == 0 ? 1 << 15 : 0);
    int g = 0;
    for (; g + ways <= m.groups; g += ways, weights += ways * V * S::rows)
        for (int way = 0; way < ways; ++way)
            for (int v = 0; v < V; ++v)
                sums[way][v] = S::dot(sums[way][v], S::broadcast(x + 4 * (g + way)), S::load(weights + (way * V + v) * S::rows));
    for (; g < m.groups; ++g, weights += V * S::rows)
        for (int v = 0; v < V; ++v) sums[0][v] = S::dot(sums[0][v], S::broadcast(x + 4 * g), S::load(weights + v * S::rows));
    for (int v = 0; v < V; ++v) {
        acc[v] = sums[0][v];
        for (int way = 1; way < ways; ++way) acc[v] = S::add32(acc[v], sums[way][v]);
    }
}

/// The same of a packed unit. S::dot's unsigned operand are the codes, x are signed activations.
template <class S, int V, int groups>
GRUVE_INLINE void add_dot_products_of_codes(typename S::Dwords (&sums)[2][V], const typename S::Bytes (&codes)[V * groups], const std::uint8_t* x) {
    for (int g = 0; g < groups; ++g)
        for (int v = 0; v < V; ++v) sums[g % 2][v] = S::dot(sums[g % 2][v], codes[g * V + v], S::broadcast(x + 4 * g));
}

}  // namespace gruve::kernels
