#include "engine/kernels/batch.h"
#include "engine/kernels/simd_avx2.h"

namespace gruve::kernels {

const Kernel avx2{.name = "avx2",
                  .runs_here = [] { return __builtin_cpu_supports("avx2") != 0; },
                  .block_rows = Avx2::rows,
                  .activation_xor = Avx2::activation_xor,
                  .table_order = TableOrder::differences,
                  .pairs_saturate = Avx2::pairs_saturate,
                  .codes_of_8_bits = Avx2::codes_of_8_bits,
                  .vectors_at_once = Avx2::vectors_at_once,
                  .packed_above = INT_MAX,
                  .gru_step = Steps<Avx2>::gru_step,
                  .gru_batch = BatchOf<Avx2>::gru_batch,
                  .dense_step = Steps<Avx2>::dense_step,
                  .dense_bands = Steps<Avx2>::dense_bands,
                  .product = Steps<Avx2>::product,
                  .activate = Steps<Avx2>::activate,
                  .outputs = Steps<Avx2>::outputs};

}  // namespace gruve::kernels
