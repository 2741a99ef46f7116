// Products with weights that stay packed in memory (Form::compact).
#pragma once

#include <type_traits>

#include "engine/kernels/block.h"

namespace gruve::kernels {

/// Adds a plane of `plane` bits to `unit` vectors of codes that have `have` bits so far, and returns the address of the
/// next plane. Does nothing if the width has no such plane.
template <Simd S, int width, int plane, int have, int unit>
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

/// Unpacks `unit` vectors of codes of `width` bits from width·unit/8 vectors of memory: planes of 1, 2 and 4 bits, low
/// bits first.
template <Simd S, int width, int unit>
GRUVE_INLINE void unpack_codes(const std::uint8_t* from, typename S::Bytes (&codes)[unit]) {
    if constexpr (width == 8) {
        for (int i = 0; i < unit; ++i) codes[i] = S::load(from + i * S::rows);
    } else {
        from = add_plane<S, width, 1, 0>(from, codes);
        from = add_plane<S, width, 2, (width & 1)>(from, codes);
        add_plane<S, width, 4, (width & 3)>(from, codes);
    }
}

/// Signed activations of a matrix's columns, for units of `groups` groups. Those of the last unit beyond the columns
/// are 0: the bytes that meet them may be anything.
template <Simd S, int groups>
class UnitInputs {
public:
    UnitInputs(const std::uint8_t* x, int all_groups)
        : x_(x + (S::activation_xor != 0 ? activation_plane : 0)), whole_(all_groups / groups * groups) {
        for (int g = whole_; g < all_groups; ++g) std::memcpy(last_ + 4 * (g - whole_), x_ + 4 * g, 4);
    }
    GRUVE_INLINE const std::uint8_t* of_unit(int first_group) const {
        return groups == 1 || first_group < whole_ ? x_ + 4 * first_group : last_;
    }

private:
    const std::uint8_t* x_;
    int whole_;
    std::uint8_t last_[4 * groups] = {};
};

/// How far ahead of a product its weights are prefetched, so that waiting and multiplying overlap. The weights of a
/// compact layer are expected in memory; prefetching all of them at once is slower than the processor's own
/// prefetching.
inline constexpr std::ptrdiff_t prefetch_distance = 3072;

/// Prefetches into the second cache level, which can wait for more lines at a time than the first.
GRUVE_INLINE void prefetch(const void* from, std::ptrdiff_t bytes) {
    for (std::ptrdiff_t i = 0; i < bytes; i += 64) __builtin_prefetch(static_cast<const char*>(from) + i, 0, 2);
}

GRUVE_INLINE void prefetch_ahead(const std::uint8_t* weights, std::ptrdiff_t bytes) {
    prefetch(weights + prefetch_distance, bytes);
}

/// packed_product() with fewer instructions, for instruction sets with enough registers. Codes are multiplied where
/// they stand in their byte, with a sum for each plane and place, instead of being shifted to its start. A byte's codes
/// that meet the same activations are masked cumulatively: the second together with the first, the third with both, so
/// that the last needs no mask. At the end each sum has its predecessor subtracted and is shifted into place.
template <Simd S, int V, int width>
struct InPlace {
    static_assert(S::multiplies_in_place);
    static constexpr int unit = unit_vectors(width, V), groups = unit / V, ways = 8 / unit;
    static constexpr std::ptrdiff_t unit_bytes = unit * width / 8 * S::rows;

    /// For each plane of 1, 2 and 4 bits. At most 2048·255·128.
    typename S::Dwords sums[3][ways * unit];

    /// Place in a byte of the first code that meets the same activations as the code at `place`.
    template <int plane>
    static constexpr int first_with(int place) {
        return place - place % (V < 8 / plane ? V : 8 / plane);
    }

    // Adds the products of a unit's plane to its sums.
    template <int plane, int way>
    GRUVE_INLINE void add_plane(const std::uint8_t*& from, const std::uint8_t* x) {
        constexpr int in_byte = 8 / plane;
        auto& to = sums[plane / 2];
        each<unit / in_byte>([&](auto vector) GRUVE_ALWAYS {
            auto bytes = S::load(from + vector * S::rows);
            keep_in_register(bytes);
            each<in_byte>([&](auto place) GRUVE_ALWAYS {
                constexpr int i = vector * in_byte + place;
                constexpr int mask = (2 << (place * plane + plane - 1)) - (1 << first_with<plane>(place) * plane);
                const auto codes = mask == 255 ? bytes : S::and_bits(bytes, S::set8(mask));
                to[way * unit + i] = S::dot(to[way * unit + i], codes, S::broadcast(x + 4 * (i / V)));
            });
        });
        from += unit / in_byte * S::rows;
    }

    template <int plane>
    GRUVE_INLINE void shift_and_add(typename S::Dwords* acc) const {
        each<ways * unit>([&](auto i) GRUVE_ALWAYS {
            constexpr int place = i % (8 / plane);
            auto sum = sums[plane / 2][i];
            if constexpr (first_with<plane>(place) < place) sum = S::sub32(sum, sums[plane / 2][i - 1]);
            if constexpr (place > 0) sum = S::shift_right32(sum, S::set32(place * plane));
            if constexpr ((width & (plane - 1)) != 0) sum = S::shift_left32(sum, S::set32(width & (plane - 1)));
            acc[i % V] = i < V && plane == (width & -width) ? sum : S::add32(acc[i % V], sum);
        });
    }

    template <int way>
    GRUVE_INLINE void add_unit(const std::uint8_t* from, const std::uint8_t* x, bool prefetch) {
        if (prefetch) prefetch_ahead(from, unit_bytes);
        if constexpr ((width & 1) != 0) add_plane<1, way>(from, x);
        if constexpr ((width & 2) != 0) add_plane<2, way>(from, x);
        if constexpr ((width & 4) != 0) add_plane<4, way>(from, x);
    }

    static void product(const MatrixPlan& m, const std::uint8_t* weights, const Input& in, typename S::Dwords* to) {
        InPlace product;
        each<3>([&](auto plane) GRUVE_ALWAYS {
            each<ways * unit>([&](auto i) GRUVE_ALWAYS { product.sums[plane][i] = S::set32(0); });
        });
        const UnitInputs<S, groups> inputs(in.x, m.groups);
        int g = 0;
        for (; g + (ways - 1) * groups < m.groups; g += ways * groups, weights += ways * unit_bytes)
            each<ways>([&](auto way) GRUVE_ALWAYS {
                product.template add_unit<way>(weights + way * unit_bytes, inputs.of_unit(g + way * groups),
                                               in.prefetch);
            });
        for (; g < m.groups; g += groups, weights += unit_bytes)
            product.template add_unit<0>(weights, inputs.of_unit(g), in.prefetch);

        typename S::Dwords acc[V];
        if constexpr ((width & 1) != 0) product.template shift_and_add<1>(acc);
        if constexpr ((width & 2) != 0) product.template shift_and_add<2>(acc);
        if constexpr ((width & 4) != 0) product.template shift_and_add<4>(acc);
        const auto offset = S::set32((1 << 15) - m.centre * in.sum);
        each<V>([&](auto v) GRUVE_ALWAYS { to[v] = S::add32(m.doubled ? S::add32(acc[v], acc[v]) : acc[v], offset); });
    }
};

/// acc = 2^15 + Σ weight·x, like S::product().
template <Simd S, int V, int width>
void packed_product(const MatrixPlan& m, const std::uint8_t* weights, const Input& in, typename S::Dwords* acc) {
    constexpr int unit = unit_vectors(width, V), groups = unit / V;
    typename S::Dwords sums[2][V];
    for (auto& way : sums)
        for (auto& sum : way) sum = S::set32(0);
    const UnitInputs<S, groups> inputs(in.x, m.groups);
    for (int g = 0; g < m.groups; g += groups, weights += unit * width / 8 * S::rows) {
        typename S::Bytes codes[unit];
        if (in.prefetch) prefetch_ahead(weights, unit * width / 8 * S::rows);
        unpack_codes<S, width, unit>(weights, codes);
        S::template add_codes<V, width, groups>(sums, codes, inputs.of_unit(g));
    }
    const auto offset = S::set32((1 << 15) - m.centre * in.sum);
    for (int v = 0; v < V; ++v) {
        const auto sum = S::add32(sums[0][v], sums[1][v]);
        acc[v] = S::add32(m.doubled ? S::add32(sum, sum) : sum, offset);
    }
}

template <Simd S, int V>
GRUVE_INLINE void packed_product_of_width(const MatrixPlan& m, const std::uint8_t* weights, const Input& in,
                                          typename S::Dwords* acc) {
    const auto product = [&](auto width) __attribute__((always_inline)) {
        if constexpr (S::multiplies_in_place)
            InPlace<S, V, width>::product(m, weights, in, acc);
        else
            packed_product<S, V, width>(m, weights, in, acc);
    };
    switch (m.width) {
        case 1:
            return product(std::integral_constant<int, 1>{});
        case 2:
            return product(std::integral_constant<int, 2>{});
        case 3:
            return product(std::integral_constant<int, 3>{});
        case 4:
            return product(std::integral_constant<int, 4>{});
        case 5:
            return product(std::integral_constant<int, 5>{});
        case 6:
            return product(std::integral_constant<int, 6>{});
        case 7:
            return product(std::integral_constant<int, 7>{});
        default:
            if constexpr (S::codes_of_8_bits)
                return packed_product<S, V, 8>(m, weights, in, acc);
            else
                return S::template product<V>(m, weights, in, acc);
    }
}

}  // namespace gruve::kernels
