#include "engine/kernels/batch.h"
#include "engine/kernels/simd_wasm128.h"

namespace gruve::kernels {

const Kernel wasm128{.name = "wasm128",
                     .runs_here = [] { return true; },
                     .block_rows = Wasm128::rows,
                     .activation_xor = Wasm128::activation_xor,
                     .table_order = TableOrder::plain,
                     .pairs_saturate = Wasm128::pairs_saturate,
                     .codes_of_8_bits = Wasm128::codes_of_8_bits,
                     .vectors_at_once = Wasm128::vectors_at_once,
                     .packed_above = INT_MAX,
                     .gru_step = Steps<Wasm128>::gru_step,
                     .gru_batch = BatchOf<Wasm128>::gru_batch,
                     .dense_step = Steps<Wasm128>::dense_step,
                     .product = Steps<Wasm128>::product,
                     .activate = Steps<Wasm128>::activate,
                     .outputs = Steps<Wasm128>::outputs};

}  // namespace gruve::kernels
