// Simd (simd.h) by WebAssembly's vectors of 128 bits: a block has 16 rows.
#pragma once

#include <wasm_simd128.h>

#include "engine/kernels/step.h"

namespace gruve::kernels {
namespace {

struct Wasm128 {
    static constexpr int rows = 16;
    static constexpr int activation_xor = 0;
    static constexpr int vectors_at_once = 4;  // a sum takes two of the 16 registers of x86
    static constexpr bool pairs_saturate = false, codes_of_8_bits = false;
    static constexpr bool multiplies_in_place = false;
    static constexpr bool walks_backwards = false;
    using Vector = v128_t;  // of bytes, words or dwords
    using Bytes = Vector;
    using Words = Vector;
    using Dwords = Vector;

    static GRUVE_INLINE Vector load(const void* p) { return wasm_v128_load(p); }
    static GRUVE_INLINE void store(void* p, Vector v) { wasm_v128_store(p, v); }
    static GRUVE_INLINE Vector set8(int v) { return wasm_i8x16_splat(static_cast<std::int8_t>(v)); }
    static GRUVE_INLINE Vector set16(int v) { return wasm_i16x8_splat(static_cast<std::int16_t>(v)); }
    static GRUVE_INLINE Vector set32(int v) { return wasm_i32x4_splat(v); }
    static GRUVE_INLINE Vector splat(const Splat& value) { return wasm_v128_load32_splat(&value); }

    static GRUVE_INLINE Vector xor_bits(Vector a, Vector b) { return wasm_v128_xor(a, b); }
    static GRUVE_INLINE Vector and_bits(Vector a, Vector b) { return wasm_v128_and(a, b); }
    static GRUVE_INLINE Vector or_bits(Vector a, Vector b) { return wasm_v128_or(a, b); }
    static GRUVE_INLINE Vector shift_right16_by(Vector a, int n) { return wasm_u16x8_shr(a, n); }
    static GRUVE_INLINE Vector shift_left16_by(Vector a, int n) { return wasm_i16x8_shl(a, n); }
    static GRUVE_INLINE Vector add16(Vector a, Vector b) { return wasm_i16x8_add(a, b); }
    static GRUVE_INLINE Vector add16_saturated(Vector a, Vector b) { return wasm_i16x8_add_sat(a, b); }
    static GRUVE_INLINE Vector add32(Vector a, Vector b) { return wasm_i32x4_add(a, b); }
    static GRUVE_INLINE Vector min8(Vector a, Vector b) { return wasm_i8x16_min(a, b); }
    static GRUVE_INLINE Vector max8(Vector a, Vector b) { return wasm_i8x16_max(a, b); }
    static GRUVE_INLINE Vector min16(Vector a, Vector b) { return wasm_i16x8_min(a, b); }
    static GRUVE_INLINE Vector max16(Vector a, Vector b) { return wasm_i16x8_max(a, b); }
    static GRUVE_INLINE Vector mullo16(Vector a, Vector b) { return wasm_i16x8_mul(a, b); }
    static GRUVE_INLINE Vector mulhi16(Vector a, Vector b) {
        return wasm_i16x8_shuffle(wasm_i32x4_extmul_low_i16x8(a, b), wasm_i32x4_extmul_high_i16x8(a, b), 1, 3, 5, 7, 9,
                                  11, 13, 15);
    }
    static GRUVE_INLINE Vector madd(Vector a, Vector b) { return wasm_i32x4_dot_i16x8(a, b); }

    // WebAssembly shifts all lanes by one count, and so does the step: it never mixes counts.
    static GRUVE_INLINE Vector shift_left32(Vector a, Vector n) {
        return wasm_i32x4_shl(a, wasm_i32x4_extract_lane(n, 0));
    }
    static GRUVE_INLINE Vector shift_right32(Vector a, Vector n) {
        return wasm_i32x4_shr(a, wasm_i32x4_extract_lane(n, 0));
    }
    static GRUVE_INLINE Vector shift_right32_16(Vector a) { return wasm_i32x4_shr(a, 16); }
    static GRUVE_INLINE Vector shift_up16(Vector a) { return wasm_i32x4_shl(a, 16); }
    static GRUVE_INLINE Vector shift_down16(Vector a) { return wasm_u32x4_shr(a, 16); }
    static GRUVE_INLINE Vector shift_right16(Vector a, int n) { return wasm_i16x8_shr(a, n); }
    static GRUVE_INLINE Vector shift_right16_8(Vector a) { return wasm_i16x8_shr(a, 8); }
    static GRUVE_INLINE Vector shift_right16_15_unsigned(Vector a) { return wasm_u16x8_shr(a, 15); }
    static GRUVE_INLINE Vector low_halves(Vector low, Vector high) {
        return wasm_v128_bitselect(low, high, wasm_i32x4_const_splat(0xffff));
    }

    static GRUVE_INLINE Vector pack32(Vector a, Vector b) { return wasm_i16x8_narrow_i32x4(a, b); }
    static GRUVE_INLINE Vector pack16(Vector a, Vector b) { return wasm_i8x16_narrow_i16x8(a, b); }
    static GRUVE_INLINE Vector unpack_low16(Vector a, Vector b) {
        return wasm_i16x8_shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
    }
    static GRUVE_INLINE Vector unpack_high16(Vector a, Vector b) {
        return wasm_i16x8_shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
    }
    static GRUVE_INLINE Vector unpack_low8(Vector a, Vector b) {
        return wasm_i8x16_shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    }
    static GRUVE_INLINE Vector unpack_high8(Vector a, Vector b) {
        return wasm_i8x16_shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }

    static GRUVE_INLINE void store_activations(std::uint8_t* to, Vector x) { store(to, x); }

    static GRUVE_INLINE void store_eight_activations(std::uint8_t* to, std::uint64_t eight) {
        std::memcpy(to, &eight, sizeof eight);
    }

    static GRUVE_INLINE void store_eight_outputs(std::int16_t* to, const std::uint8_t* activations) {
        store(to, wasm_i16x8_load8x8(activations));
    }

    /// There is only one lane.
    template <int count>
    static GRUVE_INLINE Vector starts_of_lanes(Vector a) {
        return a;
    }

    // Looks up 16 entries at a time. An index outside them gives 0.
    template <int parts>
    static GRUVE_INLINE Vector lookup_parts(const std::uint8_t* entries, Vector index) {
        if constexpr (parts == 1) {
            return wasm_i8x16_swizzle(load(entries), index);
        } else {
            constexpr int half = parts / 2;
            return or_bits(
                lookup_parts<half>(entries, index),
                lookup_parts<half>(entries + 16 * half,
                                   wasm_i8x16_sub(index, wasm_i8x16_const_splat(static_cast<std::int8_t>(16 * half)))));
        }
    }

    static GRUVE_INLINE Vector lookup(const TablePlan& table, const std::uint8_t* entries, Vector index) {
        index = wasm_i8x16_add(index, splat(byte_limits[table.bits].half));
        switch (table.bits) {
            case 8:
                return lookup_parts<16>(entries, index);
            case 7:
                return lookup_parts<8>(entries, index);
            case 6:
                return lookup_parts<4>(entries, index);
            case 5:
                return lookup_parts<2>(entries, index);
            default:
                return lookup_parts<1>(entries, index);
        }
    }

    static GRUVE_INLINE Vector broadcast(const std::uint8_t* x) { return wasm_v128_load32_splat(x); }

    /// The sums of a vector's four rows, in pairs of columns: rows 0 and 1, then rows 2 and 3. Products are added to
    /// such pairs, because adding the pairs of one product would take two shuffles each time.
    struct Pairs {
        Vector low, high;
    };
    static GRUVE_INLINE Pairs pairs_of(int first) {  // `first` in each row
        const Vector v = wasm_i32x4_make(first, 0, first, 0);
        return {v, v};
    }
    static GRUVE_INLINE void add_products(Pairs& acc, Vector x_words, Vector weights) {
        acc.low = add32(acc.low, wasm_i32x4_dot_i16x8(wasm_i16x8_extend_low_i8x16(weights), x_words));
        acc.high = add32(acc.high, wasm_i32x4_dot_i16x8(wasm_i16x8_extend_high_i8x16(weights), x_words));
    }
    static GRUVE_INLINE Vector sum_of(const Pairs& acc) {
        return add32(wasm_i32x4_shuffle(acc.low, acc.high, 0, 2, 4, 6),
                     wasm_i32x4_shuffle(acc.low, acc.high, 1, 3, 5, 7));
    }
    static GRUVE_INLINE Vector words_of(const std::uint8_t* x) { return wasm_i16x8_extend_low_i8x16(broadcast(x)); }

    // Codes have up to 7 bits, so that they are signed bytes as well.
    template <int V, int width, int groups>
    static GRUVE_INLINE void add_codes(Vector (&sums)[2][V], const Vector (&codes)[V * groups], const std::uint8_t* x) {
        for (int v = 0; v < V; ++v) {
            Pairs pairs = pairs_of(0);
            for (int g = 0; g < groups; ++g) add_products(pairs, words_of(x + 4 * g), codes[g * V + v]);
            sums[0][v] = add32(sums[0][v], sum_of(pairs));
        }
    }

    template <int V>
    static GRUVE_INLINE void product(const MatrixPlan& m, const std::uint8_t* weights, const Input& in, Vector* acc) {
        Pairs pairs[V];
        each<V>([&](auto v) GRUVE_ALWAYS { pairs[v] = pairs_of(1 << 15); });
        const std::uint8_t* x = in.x;
        for (int g = 0; g < m.groups; ++g, weights += V * rows, x += 4) {
            const Vector four = words_of(x);
            each<V>([&](auto v) GRUVE_ALWAYS { add_products(pairs[v], four, load(weights + v * rows)); });
        }
        each<V>([&](auto v) GRUVE_ALWAYS { acc[v] = sum_of(pairs[v]); });
    }
};

static_assert(Simd<Wasm128>);

}  // namespace
}  // namespace gruve::kernels
