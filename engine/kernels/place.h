// Where rows and vectors lie: the arithmetic of plan.h's order, shared by the files that lay out.
#pragma once

#include <functional>
#include <initializer_list>
#include <span>
#include <vector>

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

/// The plan of fast weights; several linears that are one product: their smallest run.
MatrixPlan fast_plan(std::initializer_list<const Linear*>);
MatrixPlan packed_plan(const Linear&, const Kernel&);

/// Linears whose products follow one another, those of an inner list being one product.
using WeightOrder = std::vector<std::vector<const Linear*>>;
/// order(V): that of a block of V dword vectors.
const std::uint8_t* lay_out_fast(const std::function<WeightOrder(int)>& order, const BlockPlan&, const Kernel&, PlanMemory&);
const std::uint8_t* lay_out_packed(std::span<const Linear* const>, const BlockPlan&, const Kernel&, PlanMemory&);

}  // namespace gruve::kernels
