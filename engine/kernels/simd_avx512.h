// Vectors of 512 bits. A block has 64 rows. Unnamed namespace: see step.h.
#pragma once

#include <immintrin.h>

#include "engine/kernels/step.h"

namespace gruve::kernels {
namespace {

struct Avx512Vnni {
    static constexpr int rows = 64;
    static constexpr int activation_xor = 0x80;
    using Bytes = __m512i;
    using Words = __m512i;
    using Dwords = __m512i;

    static GRUVE_INLINE __m512i load(const void* p) { return _mm512_load_si512(p); }
    static GRUVE_INLINE void store(void* p, __m512i v) { _mm512_store_si512(p, v); }
    static GRUVE_INLINE __m512i set8(int v) { return _mm512_set1_epi8(static_cast<char>(v)); }
    static GRUVE_INLINE __m512i set16(int v) { return _mm512_set1_epi16(static_cast<short>(v)); }
    static GRUVE_INLINE __m512i set32(int v) { return _mm512_set1_epi32(v); }
    static GRUVE_INLINE __m128i count(int shift) { return _mm_cvtsi32_si128(shift); }

    static GRUVE_INLINE __m512i xor_bits(__m512i a, __m512i b) { return _mm512_xor_si512(a, b); }
    static GRUVE_INLINE __m512i add16(__m512i a, __m512i b) { return _mm512_add_epi16(a, b); }
    static GRUVE_INLINE __m512i add32(__m512i a, __m512i b) { return _mm512_add_epi32(a, b); }
    static GRUVE_INLINE __m512i min8(__m512i a, __m512i b) { return _mm512_min_epi8(a, b); }
    static GRUVE_INLINE __m512i max8(__m512i a, __m512i b) { return _mm512_max_epi8(a, b); }
    static GRUVE_INLINE __m512i min16(__m512i a, __m512i b) { return _mm512_min_epi16(a, b); }
    static GRUVE_INLINE __m512i max16(__m512i a, __m512i b) { return _mm512_max_epi16(a, b); }
    static GRUVE_INLINE __m512i mullo16(__m512i a, __m512i b) { return _mm512_mullo_epi16(a, b); }
    static GRUVE_INLINE __m512i mulhi16(__m512i a, __m512i b) { return _mm512_mulhi_epi16(a, b); }
    static GRUVE_INLINE __m512i mulhi_unsigned16(__m512i a, __m512i b) { return _mm512_mulhi_epu16(a, b); }
    static GRUVE_INLINE __m512i madd(__m512i a, __m512i b) { return _mm512_madd_epi16(a, b); }

    static GRUVE_INLINE __m512i shift_left32(__m512i a, __m128i n) { return _mm512_sll_epi32(a, n); }
    static GRUVE_INLINE __m512i shift_right32(__m512i a, __m128i n) { return _mm512_sra_epi32(a, n); }
    static GRUVE_INLINE __m512i shift_up16(__m512i a) { return _mm512_slli_epi32(a, 16); }
    static GRUVE_INLINE __m512i shift_down16(__m512i a) { return _mm512_srli_epi32(a, 16); }
    static GRUVE_INLINE __m512i shift_right16_8(__m512i a) { return _mm512_srai_epi16(a, 8); }
    static GRUVE_INLINE __m512i shift_right16_15_unsigned(__m512i a) { return _mm512_srli_epi16(a, 15); }
    static GRUVE_INLINE __m512i low_halves(__m512i low, __m512i high) { return _mm512_mask_blend_epi16(0xAAAAAAAA, low, high); }

    static GRUVE_INLINE __m512i pack32(__m512i a, __m512i b) { return _mm512_packs_epi32(a, b); }
    static GRUVE_INLINE __m512i pack16(__m512i a, __m512i b) { return _mm512_packs_epi16(a, b); }
    static GRUVE_INLINE __m512i unpack_low16(__m512i a, __m512i b) { return _mm512_unpacklo_epi16(a, b); }
    static GRUVE_INLINE __m512i unpack_high16(__m512i a, __m512i b) { return _mm512_unpackhi_epi16(a, b); }
    static GRUVE_INLINE __m512i unpack_low8(__m512i a, __m512i b) { return _mm512_unpacklo_epi8(a, b); }
    static GRUVE_INLINE __m512i unpack_high8(__m512i a, __m512i b) { return _mm512_unpackhi_epi8(a, b); }

    /// table[index] of signed indices, the table holding 256 entries in the order of unsigned bytes.
    static GRUVE_INLINE __m512i lookup(const std::uint8_t* table, __m512i index, int) {
        const __m512i positive = _mm512_permutex2var_epi8(load(table), index, load(table + 64));
        const __m512i negative = _mm512_permutex2var_epi8(load(table + 128), index, load(table + 192));
        return _mm512_mask_blend_epi8(_mm512_movepi8_mask(index), positive, negative);
    }

    static GRUVE_INLINE __m512i broadcast(const std::uint8_t* x) {
        std::int32_t four;
        std::memcpy(&four, x, sizeof four);
        return _mm512_set1_epi32(four);
    }

    static GRUVE_INLINE void product(const MatrixPlan& m, const std::uint8_t* weights, const std::uint8_t* x, __m512i acc[4]) {
        // Two sets of sums: one dot product waits five cycles for the one before.
        __m512i odd[4];
        for (int v = 0; v < 4; ++v) acc[v] = set32(1 << 15), odd[v] = set32(0);
        int g = 0;
        for (; g + 2 <= m.groups; g += 2, weights += 8 * rows)
            for (int v = 0; v < 4; ++v) {
                acc[v] = _mm512_dpbusd_epi32(acc[v], broadcast(x + 4 * g), load(weights + v * rows));
                odd[v] = _mm512_dpbusd_epi32(odd[v], broadcast(x + 4 * g + 4), load(weights + (4 + v) * rows));
            }
        if (g < m.groups)
            for (int v = 0; v < 4; ++v) acc[v] = _mm512_dpbusd_epi32(acc[v], broadcast(x + 4 * g), load(weights + v * rows));
        for (int v = 0; v < 4; ++v) acc[v] = add32(acc[v], odd[v]);
    }
};

}  // namespace
}  // namespace gruve::kernels
