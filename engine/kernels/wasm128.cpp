#include "engine/kernels/kernel.h"
#include "engine/kernels/simd_wasm128.h"
#include "engine/kernels/step.h"

namespace gruve::kernels {
namespace {

/// Form::fast alone. Packed layers (Form::compact) would double a browser's download, and layers that fit a cache are
/// faster unpacked. network.cpp asks for none.
void gru_step(const GruPlan& p, const std::uint8_t* x, const std::uint8_t* copy, bool backwards, std::int16_t* h,
              std::uint8_t* next_copy) {
    Steps<Wasm128>::gru_blocks<Form::fast>(p, x, copy, backwards, h, next_copy);
}

void gru_batch(const GruPlan& p, const StreamStep* streams, int count) {
    for (; count > 0; --count, ++streams) gru_step(p, streams->x, streams->copy, false, streams->h, streams->next_copy);
}

}  // namespace

extern const Kernel wasm128;
const Kernel wasm128{.name = "wasm128",
                     .runs_here = [] { return true; },
                     .block_rows = Wasm128::rows,
                     .activation_xor = Wasm128::activation_xor,
                     .table_order = TableOrder::plain,
                     .pairs_saturate = Wasm128::pairs_saturate,
                     .codes_of_8_bits = Wasm128::codes_of_8_bits,
                     .vectors_at_once = Wasm128::vectors_at_once,
                     .packed_above = INT_MAX,
                     .gru_step = gru_step,
                     .gru_batch = gru_batch,
                     .dense_step = Steps<Wasm128>::dense_blocks<Form::fast>,
                     .dense_bands = Steps<Wasm128>::dense_bands,
                     .product = Steps<Wasm128>::product,
                     .activate = Steps<Wasm128>::activate,
                     .outputs = Steps<Wasm128>::outputs};

}  // namespace gruve::kernels
