#include "engine/kernels/batch.h"
#include "engine/kernels/simd_neon.h"

namespace gruve::kernels {

const Kernel neon{"neon",
                  [] { return true; },
                  Neon::rows,
                  Neon::activation_xor,
                  TableOrder::plain,
                  Neon::pairs_saturate,
                  Neon::codes_of_8_bits,
                  Neon::vectors_at_once,
                  INT_MAX,
                  Steps<Neon>::gru_step,
                  BatchOf<Neon>::gru_batch,
                  Steps<Neon>::dense_step,
                  Steps<Neon>::product,
                  Steps<Neon>::activate,
                  Steps<Neon>::outputs};

}  // namespace gruve::kernels
