#include "engine/kernels/batch.h"
#include "engine/kernels/simd_avx512.h"

namespace gruve::kernels {

/// VBMI is in every processor with VNNI but Cascade Lake's, which gets AVX2.
const Kernel avx512vnni{"avx512vnni",
                        [] {
                            return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
                                   __builtin_cpu_supports("avx512vl") != 0 &&
                                   __builtin_cpu_supports("avx512vbmi") != 0 &&
                                   __builtin_cpu_supports("avx512vnni") != 0;
                        },
                        Avx512Vnni::rows,
                        Avx512Vnni::activation_xor,
                        TableOrder::plain,
                        Avx512Vnni::pairs_saturate,
                        Avx512Vnni::codes_of_8_bits,
                        Avx512Vnni::vectors_at_once,
                        96 << 10,
                        Steps<Avx512Vnni>::gru_step,
                        BatchOf<Avx512Vnni>::gru_batch,
                        Steps<Avx512Vnni>::dense_step,
                        Steps<Avx512Vnni>::product,
                        Steps<Avx512Vnni>::activate,
                        Steps<Avx512Vnni>::outputs};

}  // namespace gruve::kernels
