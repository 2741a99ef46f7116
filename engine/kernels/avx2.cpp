#include "engine/kernels/batch.h"
#include "engine/kernels/simd_avx2.h"

namespace gruve::kernels {

const Kernel avx2{"avx2",
                  [] { return __builtin_cpu_supports("avx2") != 0; },
                  Avx2::rows,
                  Avx2::activation_xor,
                  TableOrder::differences,
                  Avx2::pairs_saturate,
                  Avx2::codes_of_8_bits,
                  Avx2::vectors_at_once,
                  INT_MAX,
                  Steps<Avx2>::gru_step,
                  BatchOf<Avx2>::gru_batch,
                  Steps<Avx2>::dense_step,
                  Steps<Avx2>::product,
                  Steps<Avx2>::activate,
                  Steps<Avx2>::outputs};

}  // namespace gruve::kernels
