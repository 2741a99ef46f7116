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

bool supported() {
    constexpr unsigned long asimddp = 1ul << 20;  // HWCAP_ASIMDDP of Linux
    return (getauxval(AT_HWCAP) & asimddp) != 0;
}

}  // namespace

const Kernel neondot{"neondot",
                     supported,
                     NeonDot::rows,
                     NeonDot::activation_xor,
                     TableOrder::plain,
                     NeonDot::pairs_saturate,
                     NeonDot::codes_of_8_bits,
                     NeonDot::vectors_at_once,
                     INT_MAX,
                     Steps<NeonDot>::gru_step,
                     BatchOf<NeonDot>::gru_batch,
                     Steps<NeonDot>::dense_step,
                     Steps<NeonDot>::product,
                     Steps<NeonDot>::activate,
                     Steps<NeonDot>::outputs};

}  // namespace gruve::kernels
