// Simd (simd.h) by vectors of 512 bits: a block has 64 rows.
#pragma once

#include <immintrin.h>

#include "engine/kernels/dot_product.h"

namespace gruve::kernels {
namespace {

struct Avx512Vnni {
    static constexpr int rows = 64;
    static constexpr int activation_xor = 0x80;
    static constexpr int vectors_at_once = 6;
    static constexpr bool pairs_saturate = false, codes_of_8_bits = true;
    static constexpr bool multiplies_in_place = true;
    static constexpr bool walks_backwards = true;
    using Bytes = __m512i;
    using Words = __m512i;
    using Dwords = __m512i;

    static GRUVE_INLINE __m512i load(const void* p) { return _mm512_load_si512(p); }
    static GRUVE_INLINE void store(void* p, __m512i v) { _mm512_store_si512(p, v); }
    /// Unaligned: the activations of a second short block start after half a vector.
    static GRUVE_INLINE void store_anywhere(void* p, __m512i v) { _mm512_storeu_si512(p, v); }
    static GRUVE_INLINE __m512i set8(int v) { return _mm512_set1_epi8(static_cast<char>(v)); }
    static GRUVE_INLINE __m512i set16(int v) { return _mm512_set1_epi16(static_cast<short>(v)); }
    static GRUVE_INLINE __m512i set32(int v) { return _mm512_set1_epi32(v); }
    static GRUVE_INLINE __m512i splat(const Splat& value) { return _mm512_set1_epi32(value); }

    static GRUVE_INLINE __m512i xor_bits(__m512i a, __m512i b) { return _mm512_xor_si512(a, b); }
    static GRUVE_INLINE __m512i and_bits(__m512i a, __m512i b) { return _mm512_and_si512(a, b); }
    static GRUVE_INLINE __m512i or_bits(__m512i a, __m512i b) { return _mm512_or_si512(a, b); }
    static GRUVE_INLINE __m512i shift_right16_by(__m512i a, int n) {
        return _mm512_srli_epi16(a, static_cast<unsigned>(n));
    }
    static GRUVE_INLINE __m512i shift_left16_by(__m512i a, int n) {
        return _mm512_slli_epi16(a, static_cast<unsigned>(n));
    }
    static GRUVE_INLINE __m512i add16(__m512i a, __m512i b) { return _mm512_add_epi16(a, b); }
    static GRUVE_INLINE __m512i add16_saturated(__m512i a, __m512i b) { return _mm512_adds_epi16(a, b); }
    static GRUVE_INLINE __m512i add32(__m512i a, __m512i b) { return _mm512_add_epi32(a, b); }
    static GRUVE_INLINE __m512i sub32(__m512i a, __m512i b) { return _mm512_sub_epi32(a, b); }
    static GRUVE_INLINE __m512i min8(__m512i a, __m512i b) { return _mm512_min_epi8(a, b); }
    static GRUVE_INLINE __m512i max8(__m512i a, __m512i b) { return _mm512_max_epi8(a, b); }
    static GRUVE_INLINE __m512i min16(__m512i a, __m512i b) { return _mm512_min_epi16(a, b); }
    static GRUVE_INLINE __m512i max16(__m512i a, __m512i b) { return _mm512_max_epi16(a, b); }
    static GRUVE_INLINE __m512i mullo16(__m512i a, __m512i b) { return _mm512_mullo_epi16(a, b); }
    static GRUVE_INLINE __m512i mulhi16(__m512i a, __m512i b) { return _mm512_mulhi_epi16(a, b); }
    static GRUVE_INLINE __m512i madd(__m512i a, __m512i b) { return _mm512_madd_epi16(a, b); }

    static GRUVE_INLINE __m512i shift_left32(__m512i a, __m512i n) { return _mm512_sllv_epi32(a, n); }
    static GRUVE_INLINE __m512i shift_right32(__m512i a, __m512i n) { return _mm512_srav_epi32(a, n); }
    static GRUVE_INLINE __m512i shift_right32_16(__m512i a) { return _mm512_srai_epi32(a, 16); }
    static GRUVE_INLINE __m512i shift_up16(__m512i a) { return _mm512_slli_epi32(a, 16); }
    static GRUVE_INLINE __m512i shift_down16(__m512i a) { return _mm512_srli_epi32(a, 16); }
    static GRUVE_INLINE __m512i shift_right16(__m512i a, int n) { return _mm512_sra_epi16(a, _mm_cvtsi32_si128(n)); }
    static GRUVE_INLINE __m512i shift_right16_8(__m512i a) { return _mm512_srai_epi16(a, 8); }
    static GRUVE_INLINE __m512i shift_right16_15_unsigned(__m512i a) { return _mm512_srli_epi16(a, 15); }
    static GRUVE_INLINE __m512i low_halves(__m512i low, __m512i high) {
        return _mm512_mask_blend_epi16(0xAAAAAAAA, low, high);
    }

    static GRUVE_INLINE __m512i pack32(__m512i a, __m512i b) { return _mm512_packs_epi32(a, b); }
    static GRUVE_INLINE __m512i pack16(__m512i a, __m512i b) { return _mm512_packs_epi16(a, b); }
    static GRUVE_INLINE __m512i unpack_low16(__m512i a, __m512i b) { return _mm512_unpacklo_epi16(a, b); }
    static GRUVE_INLINE __m512i unpack_high16(__m512i a, __m512i b) { return _mm512_unpackhi_epi16(a, b); }
    static GRUVE_INLINE __m512i unpack_low8(__m512i a, __m512i b) { return _mm512_unpacklo_epi8(a, b); }
    static GRUVE_INLINE __m512i unpack_high8(__m512i a, __m512i b) { return _mm512_unpackhi_epi8(a, b); }

    static GRUVE_INLINE void store_activations(std::uint8_t* to, __m512i x) {
        store_anywhere(to, xor_bits(x, set8(activation_xor)));
        store_anywhere(to + activation_plane, x);
    }

    static GRUVE_INLINE void store_eight_activations(std::uint8_t* to, std::uint64_t eight) {
        const std::uint64_t turned = eight ^ 0x8080808080808080u;
        std::memcpy(to, &turned, sizeof turned);
        std::memcpy(to + activation_plane, &eight, sizeof eight);
    }

    static GRUVE_INLINE void store_eight_outputs(std::int16_t* to, const std::uint8_t* activations) {
        const __m128i x = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(activations + activation_plane));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm_cvtepi8_epi16(x));
    }

    template <int count>
    static GRUVE_INLINE __m512i starts_of_lanes(__m512i a) {
        if constexpr (count == 16)
            return a;
        else if constexpr (count == 8)
            return _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 4, 6, 0, 0, 0, 0), a);
        else
            return _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), a);
    }

    static GRUVE_INLINE __m512i lookup(const TablePlan& table, const std::uint8_t* entries, __m512i index) {
        index = _mm512_add_epi8(index, splat(byte_limits[table.bits].half));
        const __m512i first = _mm512_loadu_si512(entries);
        if (table.bits <= 6) return _mm512_permutexvar_epi8(index, first);
        const __m512i low = _mm512_permutex2var_epi8(first, index, _mm512_loadu_si512(entries + 64));
        if (table.bits == 7) return low;
        const __m512i high =
            _mm512_permutex2var_epi8(_mm512_loadu_si512(entries + 128), index, _mm512_loadu_si512(entries + 192));
        return _mm512_mask_blend_epi8(_mm512_movepi8_mask(index), low, high);
    }

    static GRUVE_INLINE __m512i broadcast(const std::uint8_t* x) {
        std::int32_t four;
        std::memcpy(&four, x, sizeof four);
        return _mm512_set1_epi32(four);
    }

    static GRUVE_INLINE __m512i dot(__m512i acc, __m512i x, __m512i weights) {
        return _mm512_dpbusd_epi32(acc, x, weights);
    }

    template <int V>
    static GRUVE_INLINE void product(const MatrixPlan& m, const std::uint8_t* weights, const Input& in, Dwords* acc) {
        add_dot_products<Avx512Vnni, V>(m, weights, in.x, acc);
    }

    template <int V, int width, int groups>
    static GRUVE_INLINE void add_codes(__m512i (&sums)[2][V], const __m512i (&codes)[V * groups],
                                       const std::uint8_t* x) {
        add_dot_products_of_codes<Avx512Vnni, V, groups>(sums, codes, x);
    }
};

static_assert(Simd<Avx512Vnni>);

}  // namespace
}  // namespace gruve::kernels
