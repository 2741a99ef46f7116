#include "engine/kernels/batch.h"
#include "engine/kernels/simd_avx512.h"

namespace gruve::kernels {

/// All processors with VNNI have VBMI except Cascade Lake, which runs the AVX2 kernel.
const Kernel avx512vnni{.name = "avx512vnni",
                        .runs_here =
                            [] {
                                return __builtin_cpu_supports("avx512bw") != 0 &&
                                       __builtin_cpu_supports("avx512dq") != 0 &&
                                       __builtin_cpu_supports("avx512vl") != 0 &&
                                       __builtin_cpu_supports("avx512vbmi") != 0 &&
                                       __builtin_cpu_supports("avx512vnni") != 0;
                            },
                        .block_rows = Avx512Vnni::rows,
                        .activation_xor = Avx512Vnni::activation_xor,
                        .table_order = TableOrder::plain,
                        .pairs_saturate = Avx512Vnni::pairs_saturate,
                        .codes_of_8_bits = Avx512Vnni::codes_of_8_bits,
                        .vectors_at_once = Avx512Vnni::vectors_at_once,
                        .packed_above = 96 << 10,
                        .gru_step = Steps<Avx512Vnni>::gru_step,
                        .gru_batch = BatchOf<Avx512Vnni>::gru_batch,
                        .dense_step = Steps<Avx512Vnni>::dense_step,
                        .dense_bands = Steps<Avx512Vnni>::dense_bands,
                        .product = Steps<Avx512Vnni>::product,
                        .activate = Steps<Avx512Vnni>::activate,
                        .outputs = Steps<Avx512Vnni>::outputs};

}  // namespace gruve::kernels
