#include <cpuid.h>

#include "engine/kernels/batch.h"
#include "engine/kernels/dot_product.h"
#include "engine/kernels/simd_avx2.h"

namespace gruve::kernels {
namespace {

/// AVX2 with a dot product of four bytes, which does not saturate.
struct AvxVnni : Avx2 {
    static constexpr bool pairs_saturate = false, codes_of_8_bits = true;
    static constexpr int vectors_at_once = 6;

    static GRUVE_INLINE void store_activations(std::uint8_t* to, __m256i x) {
        store_anywhere(to, xor_bits(x, set8(Constant<activation_xor>{})));
        store_anywhere(to + activation_plane, x);
    }

    static GRUVE_INLINE void store_eight_activations(std::uint8_t* to, std::uint64_t eight) {
        const std::uint64_t turned = eight ^ 0x8080808080808080u;
        std::memcpy(to, &turned, sizeof turned);
        std::memcpy(to + activation_plane, &eight, sizeof eight);
    }

    static GRUVE_INLINE __m256i dot(__m256i acc, __m256i x, __m256i weights) {
        return _mm256_dpbusd_avx_epi32(acc, x, weights);
    }

    template <int V>
    static GRUVE_INLINE void product(const MatrixPlan& m, const std::uint8_t* weights, const Input& in, Dwords* acc) {
        add_dot_products<AvxVnni, V>(m, weights, in.x, acc);
    }

    template <int V, int width, int groups>
    static GRUVE_INLINE void add_codes(__m256i (&sums)[2][V], const __m256i (&codes)[V * groups],
                                       const std::uint8_t* x) {
        add_dot_products_of_codes<AvxVnni, V, groups>(sums, codes, x);
    }
};
static_assert(Simd<AvxVnni> && SimdDot<AvxVnni>);

// Reads CPUID directly, because __builtin_cpu_supports of Clang 14 does not know the name.
bool supported() {
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __builtin_cpu_supports("avx2") != 0 && __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a >> 4 & 1) != 0;
}

}  // namespace

const Kernel avxvnni{.name = "avxvnni",
                     .runs_here = supported,
                     .block_rows = AvxVnni::rows,
                     .activation_xor = AvxVnni::activation_xor,
                     .table_order = TableOrder::differences,
                     .pairs_saturate = AvxVnni::pairs_saturate,
                     .codes_of_8_bits = AvxVnni::codes_of_8_bits,
                     .vectors_at_once = AvxVnni::vectors_at_once,
                     .packed_above = INT_MAX,
                     .gru_step = Steps<AvxVnni>::gru_step,
                     .gru_batch = BatchOf<AvxVnni>::gru_batch,
                     .dense_step = Steps<AvxVnni>::dense_step,
                     .dense_bands = Steps<AvxVnni>::dense_bands,
                     .product = Steps<AvxVnni>::product,
                     .activate = Steps<AvxVnni>::activate,
                     .outputs = Steps<AvxVnni>::outputs};

}  // namespace gruve::kernels
