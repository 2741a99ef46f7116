// Where rows and vectors lie: the arithmetic of plan.h's order, shared by the files that lay out.
#pragma once

#include <functional>
#include <initializer_list>
#include <span>
#include <vector>

#include "engine/kernels/kernel.h"
#include "engine/kernels/layout.h"

namespace gruve::kernels {

/// A block: its first row, and how many dword vectors it has.
struct BlockAt {
    int row, vectors;
};

inline BlockAt block_of(int row, const BlockPlan& blocks, int block_rows) {
    const int first = row / block_rows * block_rows;
    if (first < blocks.full * block_rows) return {first, 4};
    if (blocks.tail_vectors < 3) return {first, blocks.tail_vectors};
    return row < first + block_rows / 2 ? BlockAt{first, 2} : BlockAt{first + block_rows / 2, 1};
}

inline std::vector<BlockAt> blocks_in(const BlockPlan& blocks, int block_rows) {
    std::vector<BlockAt> all;
    for (int row = 0; row < blocks.rows; row += all.back().vectors * block_rows / 4)
        all.push_back(block_of(row, blocks, block_rows));
    return all;
}

/// A row's dword: how many dword vectors its block has, how many all before it, the vector in the block, the dword in that.
struct Place {
    int vectors, before, v, dword;
};

inline Place place_of(int row, const BlockPlan& blocks, int block_rows) {
    const auto [first, vectors] = block_of(row, blocks, block_rows);
    const int in_block = row - first;
    return {vectors, first / (block_rows / 4), in_block / 4 % vectors, in_block / (4 * vectors) * 4 + in_block % 4};
}

/// Dword vectors of all blocks.
inline int vectors_of(const BlockPlan& blocks) { return blocks.full * 4 + blocks.tail_vectors; }

/// The plan of fast weights; several linears that are one product: their smallest run.
MatrixPlan fast_plan(std::initializer_list<const Linear*>);
MatrixPlan packed_plan(const Linear&, const Kernel&);

/// Linears whose products follow one another, those of an inner list being one product.
using WeightOrder = std::vector<std::vector<const Linear*>>;
/// order(V): that of a block of V dword vectors.
std::vector<std::uint8_t> lay_out_fast(const std::function<WeightOrder(int)>& order, const BlockPlan&, const Kernel&);
std::vector<std::uint8_t> lay_out_packed(std::span<const Linear* const>, const BlockPlan&, const Kernel&);

}  // namespace gruve::kernels
