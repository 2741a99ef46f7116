#include "engine/kernels/batch.h"
#include "engine/kernels/simd_neon.h"

namespace gruve::kernels {

const Kernel neon{.name = "neon",
                  .runs_here = [] { return true; },
                  .block_rows = Neon::rows,
                  .activation_xor = Neon::activation_xor,
                  .table_order = TableOrder::plain,
                  .pairs_saturate = Neon::pairs_saturate,
                  .codes_of_8_bits = Neon::codes_of_8_bits,
                  .vectors_at_once = Neon::vectors_at_once,
                  .packed_above = INT_MAX,
                  .gru_step = Steps<Neon>::gru_step,
                  .gru_batch = BatchOf<Neon>::gru_batch,
                  .dense_step = Steps<Neon>::dense_step,
                  .dense_bands = Steps<Neon>::dense_bands,
                  .product = Steps<Neon>::product,
                  .activate = Steps<Neon>::activate,
                  .outputs = Steps<Neon>::outputs};

}  // namespace gruve::kernels
