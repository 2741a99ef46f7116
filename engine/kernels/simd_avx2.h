// Simd (simd.h) by vectors of 256 bits: a block has 32 rows.
#pragma once

#include <immintrin.h>

#include "engine/kernels/step.h"

namespace gruve::kernels {
namespace {

struct Avx2 {
    static constexpr int rows = 32;
    static constexpr int activation_xor = 0x80;
    static constexpr int vectors_at_once = 8;  // of 16 registers
    static constexpr bool pairs_saturate = true, codes_of_8_bits = false;
    static constexpr bool multiplies_in_place = false;
    static constexpr bool walks_backwards = false;
    using Bytes = __m256i;
    using Words = __m256i;
    using Dwords = __m256i;

    static GRUVE_INLINE __m256i load(const void* p) { return _mm256_load_si256(static_cast<const __m256i*>(p)); }
    static GRUVE_INLINE void store(void* p, __m256i v) { _mm256_store_si256(static_cast<__m256i*>(p), v); }
    /// Unaligned: the activations of a second short block start after half a vector.
    static GRUVE_INLINE void store_anywhere(void* p, __m256i v) { _mm256_storeu_si256(static_cast<__m256i*>(p), v); }
    static GRUVE_INLINE __m256i set8(int v) { return _mm256_set1_epi8(static_cast<char>(v)); }
    static GRUVE_INLINE __m256i set16(int v) { return _mm256_set1_epi16(static_cast<short>(v)); }
    static GRUVE_INLINE __m256i set32(int v) { return _mm256_set1_epi32(v); }
    /// Loads a constant from memory. GCC would build it wherever it is used, in three instructions, two of which take
    /// the shuffle port.
    template <Splat value>
    static GRUVE_INLINE __m256i constant() {
        static constexpr Splat in_memory = value;
        __m256i v;
        asm("vpbroadcastd %1, %0" : "=x"(v) : "m"(in_memory));
        return v;
    }
    template <int v>
    static GRUVE_INLINE __m256i set8(Constant<v>) {
        return constant<splat8(v)>();
    }
    template <int v>
    static GRUVE_INLINE __m256i set16(Constant<v>) {
        return constant<splat16(v)>();
    }
    template <int v>
    static GRUVE_INLINE __m256i set32(Constant<v>) {
        return constant<v>();
    }
    static GRUVE_INLINE __m256i splat(const Splat& value) { return _mm256_set1_epi32(value); }

    static GRUVE_INLINE __m256i xor_bits(__m256i a, __m256i b) { return _mm256_xor_si256(a, b); }
    static GRUVE_INLINE __m256i and_bits(__m256i a, __m256i b) { return _mm256_and_si256(a, b); }
    static GRUVE_INLINE __m256i or_bits(__m256i a, __m256i b) { return _mm256_or_si256(a, b); }
    static GRUVE_INLINE __m256i shift_right16_by(__m256i a, int n) { return _mm256_srli_epi16(a, n); }
    static GRUVE_INLINE __m256i shift_left16_by(__m256i a, int n) { return _mm256_slli_epi16(a, n); }
    static GRUVE_INLINE __m256i add16(__m256i a, __m256i b) { return _mm256_add_epi16(a, b); }
    static GRUVE_INLINE __m256i add16_saturated(__m256i a, __m256i b) { return _mm256_adds_epi16(a, b); }
    static GRUVE_INLINE __m256i add32(__m256i a, __m256i b) { return _mm256_add_epi32(a, b); }
    static GRUVE_INLINE __m256i min8(__m256i a, __m256i b) { return _mm256_min_epi8(a, b); }
    static GRUVE_INLINE __m256i max8(__m256i a, __m256i b) { return _mm256_max_epi8(a, b); }
    static GRUVE_INLINE __m256i min16(__m256i a, __m256i b) { return _mm256_min_epi16(a, b); }
    static GRUVE_INLINE __m256i max16(__m256i a, __m256i b) { return _mm256_max_epi16(a, b); }
    static GRUVE_INLINE __m256i mullo16(__m256i a, __m256i b) { return _mm256_mullo_epi16(a, b); }
    static GRUVE_INLINE __m256i mulhi16(__m256i a, __m256i b) { return _mm256_mulhi_epi16(a, b); }
    static GRUVE_INLINE __m256i madd(__m256i a, __m256i b) { return _mm256_madd_epi16(a, b); }

    static GRUVE_INLINE __m256i shift_left32(__m256i a, __m256i n) { return _mm256_sllv_epi32(a, n); }
    static GRUVE_INLINE __m256i shift_right32(__m256i a, __m256i n) { return _mm256_srav_epi32(a, n); }
    static GRUVE_INLINE __m256i shift_right32_16(__m256i a) { return _mm256_srai_epi32(a, 16); }
    static GRUVE_INLINE __m256i shift_up16(__m256i a) { return _mm256_slli_epi32(a, 16); }
    static GRUVE_INLINE __m256i shift_down16(__m256i a) { return _mm256_srli_epi32(a, 16); }
    static GRUVE_INLINE __m256i shift_right16(__m256i a, int n) { return _mm256_sra_epi16(a, _mm_cvtsi32_si128(n)); }
    static GRUVE_INLINE __m256i shift_right16_8(__m256i a) { return _mm256_srai_epi16(a, 8); }
    static GRUVE_INLINE __m256i shift_right16_15_unsigned(__m256i a) { return _mm256_srli_epi16(a, 15); }
    static GRUVE_INLINE __m256i low_halves(__m256i low, __m256i high) { return _mm256_blend_epi16(low, high, 0xAA); }

    static GRUVE_INLINE __m256i pack32(__m256i a, __m256i b) { return _mm256_packs_epi32(a, b); }
    static GRUVE_INLINE __m256i pack16(__m256i a, __m256i b) { return _mm256_packs_epi16(a, b); }
    static GRUVE_INLINE __m256i unpack_low16(__m256i a, __m256i b) { return _mm256_unpacklo_epi16(a, b); }
    static GRUVE_INLINE __m256i unpack_high16(__m256i a, __m256i b) { return _mm256_unpackhi_epi16(a, b); }
    static GRUVE_INLINE __m256i unpack_low8(__m256i a, __m256i b) { return _mm256_unpacklo_epi8(a, b); }
    static GRUVE_INLINE __m256i unpack_high8(__m256i a, __m256i b) { return _mm256_unpackhi_epi8(a, b); }

    static GRUVE_INLINE void store_activations(std::uint8_t* to, __m256i x) {
        store_anywhere(to, xor_bits(x, set8(Constant<activation_xor>{})));
        store_anywhere(to + activation_plane, x);
        store_anywhere(to + 2 * activation_plane, _mm256_abs_epi8(x));
        store_anywhere(to + 3 * activation_plane, _mm256_cmpgt_epi8(_mm256_setzero_si256(), x));
    }

    static GRUVE_INLINE void store_eight_activations(std::uint8_t* to, std::uint64_t eight) {
        const __m128i x = _mm_cvtsi64_si128(static_cast<long long>(eight));
        _mm_storel_epi64(reinterpret_cast<__m128i*>(to),
                         _mm_xor_si128(x, _mm_set1_epi8(static_cast<char>(activation_xor))));
        _mm_storel_epi64(reinterpret_cast<__m128i*>(to + activation_plane), x);
        _mm_storel_epi64(reinterpret_cast<__m128i*>(to + 2 * activation_plane), _mm_abs_epi8(x));
        _mm_storel_epi64(reinterpret_cast<__m128i*>(to + 3 * activation_plane), _mm_cmpgt_epi8(_mm_setzero_si128(), x));
    }

    static GRUVE_INLINE void store_eight_outputs(std::int16_t* to, const std::uint8_t* activations) {
        const __m128i x = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(activations + activation_plane));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm_cvtepi8_epi16(x));
    }

    template <int count>
    static GRUVE_INLINE __m256i starts_of_lanes(__m256i a) {
        if constexpr (count == 16)
            return a;
        else if constexpr (count == 8)
            return _mm256_permute4x64_epi64(a, 0x08);
        else
            return _mm256_permutevar8x32_epi32(a, _mm256_setr_epi32(0, 4, 0, 0, 0, 0, 0, 0));
    }

    // `pshufb` looks up an index in a row of 16 entries, and gives 0 where the index's top bit is set. Rows are stored
    // XORed with the previous one (TableOrder::differences), so the XOR of the look-ups of index − 16·row in all rows
    // is the entry. Index 0..127.
    template <int rows_used>
    static GRUVE_INLINE __m256i lookup_rows(const std::uint8_t* entries, __m256i index) {
        if constexpr (rows_used == 1) {
            return _mm256_shuffle_epi8(
                _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(entries))), index);
        } else {
            constexpr int half = rows_used / 2;
            return xor_bits(
                lookup_rows<half>(entries, index),
                lookup_rows<half>(entries + 16 * half, _mm256_sub_epi8(index, set8(Constant<16 * half>{}))));
        }
    }

    // Index 0..2^bits − 1, bits up to 7.
    static GRUVE_INLINE __m256i lookup_unsigned(const std::uint8_t* entries, __m256i index, int bits) {
        switch (bits) {
            case 7:
                return lookup_rows<8>(entries, index);
            case 6:
                return lookup_rows<4>(entries, index);
            case 5:
                return lookup_rows<2>(entries, index);
            default:
                return lookup_rows<1>(entries, index);
        }
    }

    static GRUVE_INLINE __m256i lookup(const TablePlan& table, const std::uint8_t* entries, __m256i index) {
        if (table.symmetry != Symmetry::none) {
            const __m256i size = _mm256_min_epu8(_mm256_abs_epi8(index), splat(byte_limits[table.bits].high));
            const __m256i entry = lookup_unsigned(entries, size, table.bits - 1);
            if (table.symmetry == Symmetry::odd) return _mm256_sign_epi8(entry, index);
            return xor_bits(
                entry, _mm256_and_si256(splat(table.complement), _mm256_cmpgt_epi8(_mm256_setzero_si256(), index)));
        }
        if (table.bits == 8) {
            const __m256i in_half = and_bits(index, set8(Constant<127>{}));
            return _mm256_blendv_epi8(lookup_rows<8>(entries + 128, in_half), lookup_rows<8>(entries, in_half), index);
        }
        return lookup_unsigned(entries, _mm256_add_epi8(index, splat(byte_limits[table.bits].half)), table.bits);
    }

    static GRUVE_INLINE __m256i broadcast(const std::uint8_t* x) {
        std::int32_t four;
        std::memcpy(&four, x, sizeof four);
        return _mm256_set1_epi32(four);
    }

    // w·x = |x|·(w with the sign of x), or (w ^ s)·|x| + s·x with s = −1 for negative x, else 0. Two such products lie
    // within −2·128·128..2·127·128 and fit 16 bits. `xor` runs on twice as many ports as `vpsignb`, but the sum of s·x
    // has to be added at the end. It is the same for all rows (negatives()), yet costs too much for a single short
    // block.
    template <int V>
    static constexpr bool signs_by_xor = V % 4 == 0;

    template <int V>
    static GRUVE_INLINE void add_signed_group(__m256i* acc, const std::uint8_t* weights, const std::uint8_t* x,
                                              __m256i ones) {
        const __m256i sign = broadcast(x + (signs_by_xor<V> ? 3 : 1) * activation_plane),
                      size = broadcast(x + 2 * activation_plane);
        each<V>([&](auto v) GRUVE_ALWAYS {
            const __m256i w = load(weights + v * rows),
                          pairs = _mm256_maddubs_epi16(size,
                                                       signs_by_xor<V> ? xor_bits(w, sign) : _mm256_sign_epi8(w, sign));
            acc[v] = add32(acc[v], madd(pairs, ones));
            keep_in_register(acc[v]);
        });
    }

    static GRUVE_INLINE std::int32_t negatives(const std::uint8_t* x, int groups) {
        alignas(32) static constexpr std::int32_t some[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
        const __m256i zero = _mm256_setzero_si256();
        __m256i sums = zero;
        for (; groups > 0; groups -= 8, x += rows) {
            const __m256i wanted =
                _mm256_loadu_si256(reinterpret_cast<const __m256i*>(some + 8 - (groups < 8 ? groups : 8)));
            const __m256i sizes = and_bits(load(x + 2 * activation_plane), load(x + 3 * activation_plane));
            sums = _mm256_add_epi64(sums, _mm256_sad_epu8(and_bits(sizes, wanted), zero));
        }
        const __m128i two = _mm_add_epi64(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
        return _mm_cvtsi128_si32(_mm_add_epi64(two, _mm_unpackhi_epi64(two, two)));
    }

    // At least one group; the sum of the products of all `groups` groups fits 16 bits.
    template <int V>
    static GRUVE_INLINE void add_run(__m256i* acc, const std::uint8_t* weights, const std::uint8_t* x, int groups) {
        __m256i pairs[V];
        const auto product = [&](int v) __attribute__((always_inline)) {
            return _mm256_maddubs_epi16(broadcast(x), load(weights + v * rows));
        };
        const auto next = [&]() __attribute__((always_inline)) { weights += V * rows, x += 4; };
        each<V>([&](auto v) GRUVE_ALWAYS { pairs[v] = product(v); });
        next();
        const auto add_group = [&]() __attribute__((always_inline)) {
            each<V>([&](auto v) GRUVE_ALWAYS { pairs[v] = add16(pairs[v], product(v)); });
            next();
        };
        for (; groups > 2; groups -= 2) add_group(), add_group();
        if (groups == 2) add_group();
        const __m256i ones = set16(Constant<1>{});
        each<V>([&](auto v) GRUVE_ALWAYS { acc[v] = add32(acc[v], madd(pairs[v], ones)); });
    }

    /// Codes of a packed unit by the signed activations at x: pairs of products are added in 16 bits as long as they
    /// fit.
    template <int V, int width, int groups>
    static GRUVE_INLINE void add_codes(__m256i (&sums)[2][V], const __m256i (&codes)[V * groups],
                                       const std::uint8_t* x) {
        constexpr int fit = 32767 / (2 * 128 * ((1 << width) - 1));
        for (int g = 0; g < groups; g += fit)
            for (int v = 0; v < V; ++v) {
                __m256i pairs = _mm256_maddubs_epi16(codes[g * V + v], broadcast(x + 4 * g));
                for (int k = g + 1; k < g + fit && k < groups; ++k)
                    pairs = add16(pairs, _mm256_maddubs_epi16(codes[k * V + v], broadcast(x + 4 * k)));
                sums[0][v] = add32(sums[0][v], madd(pairs, set16(1)));
            }
    }

    template <int V>
    static GRUVE_INLINE void product(const MatrixPlan& m, const std::uint8_t* weights, const Input& in, __m256i* acc) {
        __m256i sums[V];
        each<V>([&](auto v) GRUVE_ALWAYS { sums[v] = set32(Constant<1 << 15>{}); });
        if (m.run == 0) {
            __m256i ones = set16(Constant<1>{});
            keep_in_register(ones);
            const std::uint8_t* x = in.x;
            for (int g = 2; g <= m.groups; g += 2, weights += 2 * V * rows, x += 8) {
                add_signed_group<V>(sums, weights, x, ones);
                add_signed_group<V>(sums, weights + V * rows, x + 4, ones);
            }
            if (m.groups % 2 == 1) add_signed_group<V>(sums, weights, x, ones);
            // Added last, so that the products need not wait for it.
            each<V>([&](auto v)
                        GRUVE_ALWAYS { acc[v] = signs_by_xor<V> ? add32(sums[v], set32(in.negatives)) : sums[v]; });
            return;
        }
        const std::uint8_t* x = in.x;
        for (int left = m.groups; left > 0; left -= m.run, weights += m.run * V * rows, x += 4 * m.run)
            add_run<V>(sums, weights, x, left < m.run ? left : m.run);
        each<V>([&](auto v) GRUVE_ALWAYS { acc[v] = sums[v]; });
    }
};

static_assert(Simd<Avx2>);

}  // namespace
}  // namespace gruve::kernels
