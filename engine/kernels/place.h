// Where rows and vectors lie: the arithmetic of plan.h's order, shared by the files that lay layers out.
#pragma once

#include <vector>

#include "engine/kernels/kernel.h"
#include "engine/kernels/plan.h"

namespace gruve::kernels {

/// How `rows` rows are cut into blocks. A tail of three vectors could be a block of two and one of one: fewer bytes
/// than a whole block, but slower, so only Form::compact has it.
inline BlockPlan blocks_of(int rows, const Kernel& kernel, Form form) {
    const int quarter = kernel.block_rows / 4, full = rows / kernel.block_rows,
              tail = (rows % kernel.block_rows + quarter - 1) / quarter;
    const bool is_whole = tail > (form == Form::compact ? 3 : 2);
    return {static_cast<std::int16_t>(rows), static_cast<std::int16_t>(full + is_whole),
            static_cast<std::int16_t>(is_whole ? 0 : tail)};
}

/// A block: its first row, and its number of dword vectors.
struct BlockAt {
    int row, vectors;
};

/// The block that holds `row`.
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

/// Where a row's dword lies.
struct Place {
    int vectors;  // dword vectors of the row's block
    int before;   // dword vectors of all blocks before it
    int v;        // dword vector within the block
    int dword;    // dword within that vector
};

inline Place place_of(int row, const BlockPlan& blocks, int block_rows) {
    const auto [first, vectors] = block_of(row, blocks, block_rows);
    const int in_block = row - first;
    return {vectors, first / (block_rows / 4), in_block / 4 % vectors, in_block / (4 * vectors) * 4 + in_block % 4};
}

/// Dword vectors of all blocks.
inline int vectors_of(const BlockPlan& blocks) { return blocks.full * 4 + blocks.tail_vectors; }

}  // namespace gruve::kernels
