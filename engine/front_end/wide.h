// Vectors of floats, and work that runs on the widest ones of this processor. Lanes are never summed with each other,
// so that all machines and all widths give the same bits.
#pragma once

#include <cstddef>
#include <cstring>

#include "engine/support/always_inline.h"

namespace gruve {

/// Four floats (any processor) and eight (AVX2), with + − * lane by lane. Pass them by reference only: their ABI by
/// value depends on the processor.
using Wide4 = float __attribute__((vector_size(16)));
using Wide8 = float __attribute__((vector_size(32)));
template <class Wide>
constexpr std::size_t width = sizeof(Wide) / sizeof(float);
constexpr std::size_t widest = width<Wide8>;

#if defined(__x86_64__)
/// Reads a value that was set at load time. It has no initialisation guard at which an audio thread might wait.
inline bool has_avx2() noexcept { return __builtin_cpu_supports("avx2") != 0; }

template <class Work>
__attribute__((target("avx2"), flatten)) void on_avx2(const Work& work) noexcept {
    work.template operator()<Wide8>();
}
#endif

/// Calls work.operator()<Wide>() with the widest vector of this processor, compiled for it. Everything that it calls
/// must be inline.
template <class Work>
void run_wide(const Work& work) noexcept {
#if defined(__x86_64__)
    if (has_avx2()) return on_avx2(work);
#endif
    work.template operator()<Wide4>();
}

template <class Wide>
GRUVE_INLINE void load(const float* from, Wide& to) noexcept {
    std::memcpy(&to, from, sizeof to);
}
template <class Wide>
GRUVE_INLINE void store(const Wide& from, float* to) noexcept {
    std::memcpy(to, &from, sizeof from);
}

/// Reverses the order of the lanes.
template <class Wide>
GRUVE_INLINE void reverse(Wide& x) noexcept {
    if constexpr (width<Wide> == 8)
        x = __builtin_shufflevector(x, x, 7, 6, 5, 4, 3, 2, 1, 0);
    else
        x = __builtin_shufflevector(x, x, 3, 2, 1, 0);
}

/// even: from[0], from[2], …; odd: from[1], from[3], …
template <class Wide>
GRUVE_INLINE void load_pairs(const float* from, Wide& even, Wide& odd) noexcept {
    Wide a, b;
    load(from, a);
    load(from + width<Wide>, b);
    if constexpr (width<Wide> == 8) {
        even = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
        odd = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
    } else {
        even = __builtin_shufflevector(a, b, 0, 2, 4, 6);
        odd = __builtin_shufflevector(a, b, 1, 3, 5, 7);
    }
}

/// The inverse of load_pairs().
template <class Wide>
GRUVE_INLINE void store_pairs(const Wide& even, const Wide& odd, float* to) noexcept {
    if constexpr (width<Wide> == 8) {
        store(__builtin_shufflevector(even, odd, 0, 8, 1, 9, 2, 10, 3, 11), to);
        store(__builtin_shufflevector(even, odd, 4, 12, 5, 13, 6, 14, 7, 15), to + width<Wide>);
    } else {
        store(__builtin_shufflevector(even, odd, 0, 4, 1, 5), to);
        store(__builtin_shufflevector(even, odd, 2, 6, 3, 7), to + width<Wide>);
    }
}

/// Transposes as many rows as a vector has lanes: swaps the off-diagonal halves of ever smaller squares.
template <class Wide>
GRUVE_INLINE void transpose(Wide* rows) noexcept {
    if constexpr (width<Wide> == 8) {
        for (std::size_t i = 0; i < 4; ++i) {
            const Wide a = rows[i], b = rows[i + 4];
            rows[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11);
            rows[i + 4] = __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
        }
        for (std::size_t i : {0, 1, 4, 5}) {
            const Wide a = rows[i], b = rows[i + 2];
            rows[i] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
            rows[i + 2] = __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
        }
        for (std::size_t i : {0, 2, 4, 6}) {
            const Wide a = rows[i], b = rows[i + 1];
            rows[i] = __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14);
            rows[i + 1] = __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
        }
    } else {
        for (std::size_t i = 0; i < 2; ++i) {
            const Wide a = rows[i], b = rows[i + 2];
            rows[i] = __builtin_shufflevector(a, b, 0, 1, 4, 5);
            rows[i + 2] = __builtin_shufflevector(a, b, 2, 3, 6, 7);
        }
        for (std::size_t i : {0, 2}) {
            const Wide a = rows[i], b = rows[i + 1];
            rows[i] = __builtin_shufflevector(a, b, 0, 4, 2, 6);
            rows[i + 1] = __builtin_shufflevector(a, b, 1, 5, 3, 7);
        }
    }
}

}  // namespace gruve
