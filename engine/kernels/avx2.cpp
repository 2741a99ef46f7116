#include "engine/kernels/simd_avx2.h"

namespace gruve::kernels {

const Kernel avx2{"avx2", [] { return __builtin_cpu_supports("avx2") != 0; }, Avx2::rows, Avx2::activation_xor, TableOrder::row_differences, true,
                  Vector<Avx2>::gru_step, Vector<Avx2>::dense_step, Vector<Avx2>::products};

}  // namespace gruve::kernels
