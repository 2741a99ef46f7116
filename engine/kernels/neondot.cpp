#include <sys/auxv.h>

#include "engine/kernels/batch.h"
#include "engine/kernels/dot_product.h"
#include "engine/kernels/simd_neon.h"

namespace gruve::kernels {
namespace {

/// NEON with a dot product of four bytes.
struct NeonDot : Neon {
    static GRUVE_INLINE Vector dot(Vector acc, Vector x, Vector weights) {
        return of(vdotq_s32(s32(acc), s8(weights), s8(x)));
    }

    template <int V>
    static GRUVE_INLINE void product(const MatrixPlan& m, const std::uint8_t* weights, const Input& in, Dwords* acc) {
        add_dot_products<NeonDot, V>(m, weights, in.x, acc);
    }

    template <int V, int width, int groups>
    static GRUVE_INLINE void add_codes(Vector (&sums)[2][V], const Vector (&codes)[V * groups], const std::uint8_t* x) {
        add_dot_products_of_codes<NeonDot, V, groups>(sums, codes, x);
    }
};
static_assert(Simd<NeonDot> && SimdDot<NeonDot>);

bool supported() {
    constexpr unsigned long asimddp = 1ul << 20;  // Linux: HWCAP_ASIMDDP
    return (getauxval(AT_HWCAP) & asimddp) != 0;
}

}  // namespace

const Kernel neondot{.name = "neondot",
                     .runs_here = supported,
                     .block_rows = NeonDot::rows,
                     .activation_xor = NeonDot::activation_xor,
                     .table_order = TableOrder::plain,
                     .pairs_saturate = NeonDot::pairs_saturate,
                     .codes_of_8_bits = NeonDot::codes_of_8_bits,
                     .vectors_at_once = NeonDot::vectors_at_once,
                     .packed_above = INT_MAX,
                     .gru_step = Steps<NeonDot>::gru_step,
                     .gru_batch = BatchOf<NeonDot>::gru_batch,
                     .dense_step = Steps<NeonDot>::dense_step,
                     .dense_bands = Steps<NeonDot>::dense_bands,
                     .product = Steps<NeonDot>::product,
                     .activate = Steps<NeonDot>::activate,
                     .outputs = Steps<NeonDot>::outputs};

}  // namespace gruve::kernels
