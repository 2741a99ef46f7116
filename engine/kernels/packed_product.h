// Products with weights that stay packed in memory.
#pragma once

#include <type_traits>

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

/// `unit` vectors of codes of `width` bits from width·unit/8 vectors of memory: planes of 1, 2, 4 bits, low bits first.
template <class S, int width, int unit>
GRUVE_INLINE void unpack_codes(const std::uint8_t* from, typename S::Bytes (&codes)[unit]) {
    if constexpr (width == 8) {
        for (int i = 0; i < unit; ++i) codes[i] = S::load(from + i * S::rows);
    } else {
        from = add_plane<S, width, 1, 0>(from, codes);
        from = add_plane<S, width, 2, (width & 1)>(from, codes);
        add_plane<S, width, 4, (width & 3)>(from, codes);
    }
}

/// Signed activations of a matrix's columns, unit by unit of `groups` groups. Beyond the columns they are 0 for what a last unit reads there,
/// which needn't be codes.
template <class S, int groups>
class UnitInputs {
public:
    UnitInputs(const std::uint8_t* x, int all_groups) : x_(x + (S::activation_xor != 0 ? activation_plane : 0)), whole_(all_groups / groups * groups) {
        for (int g = whole_; g < all_groups; ++g) std::memcpy(last_ + 4 * (g - whole_), x_ + 4 * g, 4);
    }
    GRUVE_INLINE const std::uint8_t* of_unit(int first_group) const { return first_group < whole_ ? x_ + 4 * first_group : last_; }

private:
    const std::uint8_t* x_;
    int whole_;
    std::uint8_t last_[4 * groups] = {};
};

/// Memory is asked for this far ahead of where a product reads, so that waiting and multiplying overlap. A compact layer is meant
/// to be found in memory, and asking for all of it at once is slower than the processor's own prefetching.
inline constexpr std::ptrdiff_t prefetch_distance = 3072;

/// Into the second cache level, which can wait for more lines at a time than the first.
GRUVE_INLINE void prefetch(const void* from, std::ptrdiff_t bytes) {
    for (std::ptrdiff_t i = 0; i < bytes; i += 64) __builtin_prefetch(static_cast<const char*>(from) + i, 0, 2);
}

GRUVE_INLINE void prefetch_ahead(const std::uint8_t* weights, std::ptrdiff_t bytes) { prefetch(weights + prefetch_distance, bytes); }

// What a plane of codes adds to a unit's sums: see packed_product_in_place().
template <class S, int V, int plane, int unit>
GRUVE_INLINE const std::uint8_t* add_plane_in_place(const std::uint8_t* from, const std::uint8_t* x, typename S::Dwords* sums) {
    constexpr int in_byte = 8 / plane;
    for (int i = 0; i < unit; i += in_byte, from += S::rows) {
        const auto bytes = S::load(from);
        for (int j = 0; j < in_byte; ++j) {
            const auto field = S::and_bits(bytes, S::set8(((1 << plane) - 1) << (j * plane)));
            sums[i + j] = S::dot(sums[i + j], field, S::broadcast(x + 4 * ((i + j) / V)));
        }
    }
    return from;
}

/// packed_product() with fewer instructions, where there are registers for it: a code isn't shifted to the start of its byte but
/// multiplied where it stands, planes apart, and the sums, one per place, are shifted at the end. Such a sum is a multiple of its
/// place's 2^n, and at most 2048·255·128.
template <class S, int V, int width>
void packed_product_in_place(const MatrixPlan& m, const std::uint8_t* weights, const std::uint8_t* x, std::int32_t sum_x, typename S::Dwords* acc) {
    constexpr int unit = unit_vectors(width, V), groups = unit / V, ways = 8 / unit;
    constexpr std::ptrdiff_t unit_bytes = unit * width / 8 * S::rows;
    typename S::Dwords sums[3][ways * unit];  // of planes 1, 2, 4
    for (auto& plane : sums)
        for (auto& sum : plane) sum = S::set32(0);
    const UnitInputs<S, groups> inputs(x, m.groups);
    int g = 0;
    const auto add_unit = [&](int way) __attribute__((always_inline)) {
        prefetch_ahead(weights, unit_bytes);
        const std::uint8_t *from = weights, *const of_unit = inputs.of_unit(g);
        if constexpr ((width & 1) != 0) from = add_plane_in_place<S, V, 1, unit>(from, of_unit, sums[0] + way * unit);
        if constexpr ((width & 2) != 0) from = add_plane_in_place<S, V, 2, unit>(from, of_unit, sums[1] + way * unit);
        if constexpr ((width & 4) != 0) add_plane_in_place<S, V, 4, unit>(from, of_unit, sums[2] + way * unit);
        weights += unit_bytes;
        g += groups;
    };
    while (g + (ways - 1) * groups < m.groups)
        for (int way = 0; way < ways; ++way) add_unit(way);
    while (g < m.groups) add_unit(0);

    for (int v = 0; v < V; ++v) acc[v] = S::set32(0);
    const auto add_sums = [&](const typename S::Dwords* of_plane, int plane, int have) __attribute__((always_inline)) {
        for (int i = 0; i < ways * unit; ++i) {
            const auto codes = S::shift_right32(of_plane[i], S::set32(i * plane % 8));
            acc[i % V] = S::add32(acc[i % V], S::shift_left32(codes, S::set32(have)));
        }
    };
    if constexpr ((width & 1) != 0) add_sums(sums[0], 1, 0);
    if constexpr ((width & 2) != 0) add_sums(sums[1], 2, width & 1);
    if constexpr ((width & 4) != 0) add_sums(sums[2], 4, width & 3);
    const auto offset = S::set32((1 << 15) - m.centre * sum_x);
    for (int v = 0; v < V; ++v) acc[v] = S::add32(m.doubled ? S::add32(acc[v], acc[v]) : acc[v], offset);
}

/// acc = 2^15 + Σ weight·x. x: where activations start. sum_x: Σ x_q over the columns.
template <class S, int V, int width>
void packed_product(const MatrixPlan& m, const std::uint8_t* weights, const std::uint8_t* x, std::int32_t sum_x, typename S::Dwords* acc) {
    constexpr int unit = unit_vectors(width, V), groups = unit / V;
    typename S::Dwords sums[2][V];
    for (auto& way : sums)
        for (auto& sum : way) sum = S::set32(0);
    const UnitInputs<S, groups> inputs(x, m.groups);
    for (int g = 0; g < m.groups; g += groups, weights += unit * width / 8 * S::rows) {
        typename S::Bytes codes[unit];
        prefetch_ahead(weights, unit * width / 8 * S::rows);
        unpack_codes<S, width, unit>(weights, codes);
        S::template add_codes<V, width, groups>(sums, codes, inputs.of_unit(g));
    }
    const auto offset = S::set32((1 << 15) - m.centre * sum_x);
    for (int v = 0; v < V; ++v) {
        const auto sum = S::add32(sums[0][v], sums[1][v]);
        acc[v] = S::add32(m.doubled ? S::add32(sum, sum) : sum, offset);
    }
}

template <class S, int V>
GRUVE_INLINE void packed_product_of_width(const MatrixPlan& m, const std::uint8_t* weights, const Input& in, typename S::Dwords* acc) {
    const auto product = [&](auto width) __attribute__((always_inline)) {
        if constexpr (S::multiplies_in_place) packed_product_in_place<S, V, width>(m, weights, in.x, in.sum, acc);
        else packed_product<S, V, width>(m, weights, in.x, in.sum, acc);
    };
    switch (m.width) {
        case 1: return product(std::integral_constant<int, 1>{});
        case 2: return product(std::integral_constant<int, 2>{});
        case 3: return product(std::integral_constant<int, 3>{});
        case 4: return product(std::integral_constant<int, 4>{});
        case 5: return product(std::integral_constant<int, 5>{});
        case 6: return product(std::integral_constant<int, 6>{});
        case 7: return product(std::integral_constant<int, 7>{});
        default:
            if constexpr (S::codes_of_8_bits) return packed_product<S, V, 8>(m, weights, in.x, in.sum, acc);
            else return S::template product<V>(m, weights, in, acc);
    }
}

}  // namespace gruve::kernels
