// Where rows and vectors lie: the arithmetic of plan.h's order, shared by the files that lay out.
#pragma once

#include <span>

#include "engine/kernels/kernel.h"
#include "engine/kernels/layout.h"

namespace gruve::kernels {

/// A row's block, how many dword vectors that has, the vector in it, the dword in that.
struct Place {
    int block, vectors, v, dword;
};

inline Place place_of(int row, const BlockPlan& blocks, int block_rows) {
    const int block = row / block_rows, vectors = block < blocks.full ? 4 : blocks.tail_vectors, in_block = row % block_rows;
    return {block, vectors, in_block / 4 % vectors, in_block / (4 * vectors) * 4 + in_block % 4};
}

/// Dword vectors of all blocks.
inline int vectors_of(const BlockPlan& blocks) { return blocks.full * 4 + blocks.tail_vectors; }

/// Whether a GRU's three products with the same activations are one in a block of so many dword vectors.
inline bool are_one_product(int vectors, const Kernel& kernel) { return 3 * vectors <= kernel.vectors_at_once; }

/// The plan of fast weights; several linears that are one product: their smallest run.
MatrixPlan fast_plan(std::span<const Linear* const>);
MatrixPlan packed_plan(const Linear&, const Kernel&);

/// Weights of products that follow one another, block by block. Every inner list is one product where that is the block's way
/// (are_one_product), else its linears come in the order of `alone`.
struct WeightOrder {
    std::span<const Linear* const> of_x, of_h, alone;
};
const std::uint8_t* lay_out_fast(const WeightOrder&, const BlockPlan&, const Kernel&, PlanMemory&);
const std::uint8_t* lay_out_packed(std::span<const Linear* const> alone, const BlockPlan&, const Kernel&, PlanMemory&);

}  // namespace gruve::kernels
