#include "engine/kernels/simd_avx2.h"

namespace gruve::kernels {
namespace {

/// AVX2 with a dot product of four bytes that doesn't saturate.
struct AvxVnni : Avx2 {
    static GRUVE_INLINE void product(const MatrixPlan& m, const std::uint8_t* weights, const std::uint8_t* x, __m256i acc[4]) {
        // Two sets of sums: one dot product waits five cycles for the one before.
        __m256i odd[4];
        for (int v = 0; v < 4; ++v) acc[v] = set32(1 << 15), odd[v] = set32(0);
        int g = 0;
        for (; g + 2 <= m.groups; g += 2, weights += 8 * rows)
            for (int v = 0; v < 4; ++v) {
                acc[v] = _mm256_dpbusd_avx_epi32(acc[v], broadcast(x + 4 * g), load(weights + v * rows));
                odd[v] = _mm256_dpbusd_avx_epi32(odd[v], broadcast(x + 4 * g + 4), load(weights + (4 + v) * rows));
            }
        if (g < m.groups)
            for (int v = 0; v < 4; ++v) acc[v] = _mm256_dpbusd_avx_epi32(acc[v], broadcast(x + 4 * g), load(weights + v * rows));
        for (int v = 0; v < 4; ++v) acc[v] = add32(acc[v], odd[v]);
    }
};

}  // namespace

const Kernel avxvnni{"avxvnni", [] { return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("avxvnni") != 0; },
                     AvxVnni::rows, AvxVnni::activation_xor, TableOrder::row_differences, false, Vector<AvxVnni>::gru_step, Vector<AvxVnni>::dense_step, Vector<AvxVnni>::products};

}  // namespace gruve::kernels
