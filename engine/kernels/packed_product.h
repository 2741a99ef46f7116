// Products with weights that stay packed in memory.
#pragma once

#include "engine/kernels/block.h"

namespace gruve::kernels {

/// Adds a plane of `plane` bits, worth 2^have, to `unit` vectors of codes; nothing where the width has no such plane.
template <class S, int width, int plane, int have, int unit>
GRUVE_INLINE const std::uint8_t* add_plane(const std::uint8_t* from, typename S::Bytes (&codes)[unit]) {
    if constexpr ((width & plane) != 0) {
        constexpr int in_byte = 8 / plane;
        for (int i = 0; i < unit; i += in_byte, from += S::rows) {
            const auto bytes = S::load(from);
            for (int j = 0; j < in_byte; ++j) {
                const auto field = S::and_bits(S::shift_right16_by(bytes, j * plane), S::set8((1 << plane) - 1));
                codes[i + j] = have == 0 ? field : S::or_bits(codes[i + j], S::shift_left16_by(field, have));
            }
        }
    }
    return from;
}

/// `unit` vectors of codes of `width` bits from width·unit/8 vectors of memory: planes of 4, 2, 1 bits, low bits first.
template <class S, int width, int unit>
GRUVE_INLINE void unpack_codes(const std::uint8_t* from, typename S::Bytes (&codes)[unit]) {
    if constexpr (width == 8) {
        for (int i = 0; i < unit; ++i) codes[i] = S::load(from + i * S::rows);
    } else {
        from = add_plane<S, width, 4, 0>(from, codes);
        from = add_plane<S, width, 2, (width & 4)>(from, codes);
        add_plane<S, width, 1, (width & 6)>(from, codes);
    }
}

/// acc = 2^15 + Σ weight·x. x: where activations start. sum_x: Σ x_q over the columns.
template <class S, int V, int width>
void packed_product(const MatrixPlan& m, const std::uint8_t* weights, const std::uint8_t* x, std::int32_t sum_x, typename S::Dwords (&acc)[V]) {
    constexpr int unit = unit_vectors(width, V), groups = unit / V;
    typename S::Dwords sums[2][V];
    for (auto& way : sums)
        for (auto& sum : way) sum = S::set32(0);
    for (int g = 0; g < m.groups; g += groups, weights += unit * width / 8 * S::rows) {
        typename S::Bytes codes[unit];
        unpack_codes<S, width, unit>(weights, codes);
        S::template add_codes<V, width, groups>(sums, codes, x + 4 * g);
    }
    const auto offset = S::set32((1 << 15) - m.centre * sum_x);
    for (int v = 0; v < V; ++v) {
        const auto sum = S::add32(sums[0][v], sums[1][v]);
        acc[v] = S::add32(m.doubled ? S::add32(sum, sum) : sum, offset);
    }
}

/// Bytes of a block's packed weights.
constexpr std::ptrdiff_t packed_bytes(const MatrixPlan& m, int v, int rows) {
    const int unit = unit_vectors(m.width, v), units = (m.groups * v + unit - 1) / unit;
    return static_cast<std::ptrdiff_t>(units) * unit * m.width / 8 * rows;
}

template <class S, int V>
GRUVE_INLINE void packed_product_of_width(const MatrixPlan& m, const std::uint8_t* weights, const std::uint8_t* x, std::int32_t sum_x,
                                          typename S::Dwords (&acc)[V]) {
    switch (m.width) {
        case 1: return packed_product<S, V, 1>(m, weights, x, sum_x, acc);
        case 2: return packed_product<S, V, 2>(m, weights, x, sum_x, acc);
        case 3: return packed_product<S, V, 3>(m, weights, x, sum_x, acc);
        case 4: return packed_product<S, V, 4>(m, weights, x, sum_x, acc);
        case 5: return packed_product<S, V, 5>(m, weights, x, sum_x, acc);
        case 6: return packed_product<S, V, 6>(m, weights, x, sum_x, acc);
        case 7: return packed_product<S, V, 7>(m, weights, x, sum_x, acc);
        default:
            if constexpr (S::codes_of_8_bits) return packed_product<S, V, 8>(m, weights, x, sum_x, acc);
            else return S::template product<V>(m, weights, x, acc);
    }
}

}  // namespace gruve::kernels
