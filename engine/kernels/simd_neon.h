// Simd (simd.h) by vectors of 128 bits: a block has 16 rows.
#pragma once

#include <arm_neon.h>

#include "engine/kernels/step.h"

namespace gruve::kernels {
namespace {

struct Neon {
    static constexpr int rows = 16;
    static constexpr int activation_xor = 0;
    static constexpr int vectors_at_once = 12;
    static constexpr bool pairs_saturate = false, codes_of_8_bits = false;
    static constexpr bool multiplies_in_place = false;
    static constexpr bool walks_backwards = false;
    using Vector = uint8x16_t;  // of bytes, words or dwords
    using Bytes = Vector;
    using Words = Vector;
    using Dwords = Vector;

    static GRUVE_INLINE int8x16_t s8(Vector v) { return vreinterpretq_s8_u8(v); }
    static GRUVE_INLINE int16x8_t s16(Vector v) { return vreinterpretq_s16_u8(v); }
    static GRUVE_INLINE uint16x8_t u16(Vector v) { return vreinterpretq_u16_u8(v); }
    static GRUVE_INLINE int32x4_t s32(Vector v) { return vreinterpretq_s32_u8(v); }
    static GRUVE_INLINE uint32x4_t u32(Vector v) { return vreinterpretq_u32_u8(v); }
    static GRUVE_INLINE Vector of(int8x16_t v) { return vreinterpretq_u8_s8(v); }
    static GRUVE_INLINE Vector of(int16x8_t v) { return vreinterpretq_u8_s16(v); }
    static GRUVE_INLINE Vector of(uint16x8_t v) { return vreinterpretq_u8_u16(v); }
    static GRUVE_INLINE Vector of(int32x4_t v) { return vreinterpretq_u8_s32(v); }
    static GRUVE_INLINE Vector of(uint32x4_t v) { return vreinterpretq_u8_u32(v); }

    static GRUVE_INLINE Vector load(const void* p) { return vld1q_u8(static_cast<const std::uint8_t*>(p)); }
    static GRUVE_INLINE void store(void* p, Vector v) { vst1q_u8(static_cast<std::uint8_t*>(p), v); }
    static GRUVE_INLINE Vector set8(int v) { return vdupq_n_u8(static_cast<std::uint8_t>(v)); }
    static GRUVE_INLINE Vector set16(int v) { return of(vdupq_n_s16(static_cast<std::int16_t>(v))); }
    static GRUVE_INLINE Vector set32(int v) { return of(vdupq_n_s32(v)); }
    static GRUVE_INLINE Vector splat(const Splat& value) { return of(vdupq_n_s32(value)); }

    static GRUVE_INLINE Vector xor_bits(Vector a, Vector b) { return veorq_u8(a, b); }
    static GRUVE_INLINE Vector and_bits(Vector a, Vector b) { return vandq_u8(a, b); }
    static GRUVE_INLINE Vector or_bits(Vector a, Vector b) { return vorrq_u8(a, b); }
    static GRUVE_INLINE Vector shift_right16_by(Vector a, int n) {
        return of(vshlq_u16(u16(a), vdupq_n_s16(static_cast<std::int16_t>(-n))));
    }
    static GRUVE_INLINE Vector shift_left16_by(Vector a, int n) {
        return of(vshlq_u16(u16(a), vdupq_n_s16(static_cast<std::int16_t>(n))));
    }
    static GRUVE_INLINE Vector add16(Vector a, Vector b) { return of(vaddq_s16(s16(a), s16(b))); }
    static GRUVE_INLINE Vector add16_saturated(Vector a, Vector b) { return of(vqaddq_s16(s16(a), s16(b))); }
    static GRUVE_INLINE Vector add32(Vector a, Vector b) { return of(vaddq_s32(s32(a), s32(b))); }
    static GRUVE_INLINE Vector min8(Vector a, Vector b) { return of(vminq_s8(s8(a), s8(b))); }
    static GRUVE_INLINE Vector max8(Vector a, Vector b) { return of(vmaxq_s8(s8(a), s8(b))); }
    static GRUVE_INLINE Vector min16(Vector a, Vector b) { return of(vminq_s16(s16(a), s16(b))); }
    static GRUVE_INLINE Vector max16(Vector a, Vector b) { return of(vmaxq_s16(s16(a), s16(b))); }
    static GRUVE_INLINE Vector mullo16(Vector a, Vector b) { return of(vmulq_s16(s16(a), s16(b))); }
    static GRUVE_INLINE Vector mulhi16(Vector a, Vector b) {
        const int32x4_t low = vmull_s16(vget_low_s16(s16(a)), vget_low_s16(s16(b))),
                        high = vmull_high_s16(s16(a), s16(b));
        return of(vuzp2q_s16(vreinterpretq_s16_s32(low), vreinterpretq_s16_s32(high)));
    }
    static GRUVE_INLINE Vector madd(Vector a, Vector b) {
        return of(vpaddq_s32(vmull_s16(vget_low_s16(s16(a)), vget_low_s16(s16(b))), vmull_high_s16(s16(a), s16(b))));
    }

    static GRUVE_INLINE Vector shift_left32(Vector a, Vector n) { return of(vshlq_s32(s32(a), s32(n))); }
    static GRUVE_INLINE Vector shift_right32(Vector a, Vector n) { return of(vshlq_s32(s32(a), vnegq_s32(s32(n)))); }
    static GRUVE_INLINE Vector shift_right32_16(Vector a) { return of(vshrq_n_s32(s32(a), 16)); }
    static GRUVE_INLINE Vector shift_up16(Vector a) { return of(vshlq_n_u32(u32(a), 16)); }
    static GRUVE_INLINE Vector shift_down16(Vector a) { return of(vshrq_n_u32(u32(a), 16)); }
    static GRUVE_INLINE Vector shift_right16(Vector a, int n) {
        return of(vshlq_s16(s16(a), vdupq_n_s16(static_cast<std::int16_t>(-n))));
    }
    static GRUVE_INLINE Vector shift_right16_8(Vector a) { return of(vshrq_n_s16(s16(a), 8)); }
    static GRUVE_INLINE Vector shift_right16_15_unsigned(Vector a) { return of(vshrq_n_u16(u16(a), 15)); }
    static GRUVE_INLINE Vector low_halves(Vector low, Vector high) {
        return of(vbslq_u32(vdupq_n_u32(0xffff0000u), u32(high), u32(low)));
    }

    static GRUVE_INLINE Vector pack32(Vector a, Vector b) { return of(vqmovn_high_s32(vqmovn_s32(s32(a)), s32(b))); }
    static GRUVE_INLINE Vector pack16(Vector a, Vector b) { return of(vqmovn_high_s16(vqmovn_s16(s16(a)), s16(b))); }
    static GRUVE_INLINE Vector unpack_low16(Vector a, Vector b) { return of(vzip1q_s16(s16(a), s16(b))); }
    static GRUVE_INLINE Vector unpack_high16(Vector a, Vector b) { return of(vzip2q_s16(s16(a), s16(b))); }
    static GRUVE_INLINE Vector unpack_low8(Vector a, Vector b) { return vzip1q_u8(a, b); }
    static GRUVE_INLINE Vector unpack_high8(Vector a, Vector b) { return vzip2q_u8(a, b); }

    static GRUVE_INLINE void store_activations(std::uint8_t* to, Vector x) { store(to, x); }

    static GRUVE_INLINE void store_eight_activations(std::uint8_t* to, std::uint64_t eight) {
        std::memcpy(to, &eight, sizeof eight);
    }

    static GRUVE_INLINE void store_eight_outputs(std::int16_t* to, const std::uint8_t* activations) {
        vst1q_s16(to, vmovl_s8(vreinterpret_s8_u8(vld1_u8(activations))));
    }

    /// There is only one lane.
    template <int count>
    static GRUVE_INLINE Vector starts_of_lanes(Vector a) {
        return a;
    }

    // Looks up 64 entries at a time. An index outside them leaves the result unchanged.
    static GRUVE_INLINE Vector lookup(const TablePlan& table, const std::uint8_t* entries, Vector index) {
        index = vaddq_u8(index, splat(byte_limits[table.bits].half));
        Vector entry = vqtbl4q_u8(vld1q_u8_x4(entries), index);
        for (int part = 1; part < (1 << table.bits) / 64; ++part) {
            index = vsubq_u8(index, set8(64));
            entry = vqtbx4q_u8(entry, vld1q_u8_x4(entries + 64 * part), index);
        }
        return entry;
    }

    static GRUVE_INLINE Vector broadcast(const std::uint8_t* x) {
        std::int32_t four;
        std::memcpy(&four, x, sizeof four);
        return of(vdupq_n_s32(four));
    }

    // Two products of signed bytes are at most 2·127·128 < 2^15.
    static GRUVE_INLINE Vector dot(Vector acc, Vector x, Vector weights) {
        const int16x8_t low = vmull_s8(vget_low_s8(s8(weights)), vget_low_s8(s8(x))),
                        high = vmull_high_s8(s8(weights), s8(x));
        return of(vpadalq_s16(s32(acc), vpaddq_s16(low, high)));
    }

    // Codes have up to 7 bits, so that they are signed bytes as well.
    template <int V, int width, int groups>
    static GRUVE_INLINE void add_codes(Vector (&sums)[2][V], const Vector (&codes)[V * groups], const std::uint8_t* x) {
        for (int g = 0; g < groups; ++g)
            for (int v = 0; v < V; ++v) sums[g % 2][v] = dot(sums[g % 2][v], broadcast(x + 4 * g), codes[g * V + v]);
    }

    template <int V>
    static GRUVE_INLINE void product(const MatrixPlan& m, const std::uint8_t* weights, const Input& in, Vector* acc) {
        for (int v = 0; v < V; ++v) acc[v] = set32(1 << 15);
        const std::uint8_t* x = in.x;
        for (int g = 0; g < m.groups; ++g, weights += V * rows, x += 4) {
            const Vector four = broadcast(x);
            for (int v = 0; v < V; ++v) acc[v] = dot(acc[v], four, load(weights + v * rows));
        }
    }
};

static_assert(Simd<Neon>);

}  // namespace
}  // namespace gruve::kernels
