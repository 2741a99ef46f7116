#include "engine/kernels/weight_layout.h"

#include <algorithm>
#include <cstdlib>

#include "engine/kernels/place.h"

namespace gruve::kernels {
namespace {

int groups_of(const Linear& linear) { return (linear.cols + 3) / 4; }

// Calls put(dword vector, byte in it, group, weight) for every weight of the block's rows.
template <class Put>
void for_weights(const Linear& linear, const BlockAt& block, const BlockPlan& blocks, int block_rows, Put put) {
    const int end = std::min(linear.rows, block.row + block.vectors * block_rows / 4);
    for (int row = block.row; row < end; ++row) {
        const Place place = place_of(row, blocks, block_rows);
        const std::int8_t* weights = linear.weights.data() + static_cast<std::ptrdiff_t>(row) * linear.cols;
        for (int col = 0; col < linear.cols; ++col) put(place.v, place.dword * 4 + col % 4, col / 4, weights[col]);
    }
}

int code_of(int weight, const MatrixPlan& plan, bool plain) {
    return plain ? weight : (weight + plan.centre) >> plan.doubled;
}

// Packs a unit of codes into width·vectors/8 vectors of memory. unpack_codes() is the inverse.
void pack_unit(const std::uint8_t* codes, int vectors, int width, int rows, std::uint8_t* to) {
    if (width == 8) std::copy_n(codes, vectors * rows, to);
    int have = 0;
    for (int plane : {1, 2, 4}) {
        if ((width & plane) == 0) continue;
        const int in_byte = 8 / plane;
        for (int i = 0; i < vectors; i += in_byte, to += rows)
            for (int j = 0; j < in_byte; ++j)
                for (int byte = 0; byte < rows; ++byte)
                    to[byte] |= static_cast<std::uint8_t>((codes[(i + j) * rows + byte] >> have & ((1 << plane) - 1))
                                                          << (j * plane));
        have += plane;
    }
}

}  // namespace

MatrixPlan fast_plan(std::initializer_list<const Linear*> linears) {
    int largest = 1;
    for (const Linear* linear : linears)
        for (std::int8_t weight : linear->weights) largest = std::max(largest, std::abs(weight));
    MatrixPlan plan;
    plan.groups = static_cast<std::int16_t>(groups_of(**linears.begin()));
    plan.run = static_cast<std::uint8_t>(INT16_MAX / (2 * 255 * largest));
    return plan;
}

MatrixPlan packed_plan(const Linear& linear, const Kernel& kernel) {
    MatrixPlan plan;
    plan.groups = static_cast<std::int16_t>(groups_of(linear));
    const int width = linear.width == ternary_width ? 2 : linear.width;
    plan.width = static_cast<std::uint8_t>(width);
    if (linear.width == 8 && !kernel.codes_of_8_bits) return plan;
    plan.doubled = linear.width <= 3;
    plan.centre = static_cast<std::uint8_t>(linear.width == ternary_width ? 1
                                            : plan.doubled                ? (1 << width) - 1
                                                                          : 1 << (width - 1));
    return plan;
}

std::vector<std::uint8_t> lay_out_fast(const std::function<WeightOrder(int)>& order, const BlockPlan& blocks,
                                       const Kernel& kernel) {
    const int rows = kernel.block_rows;
    int groups = 0;
    for (const auto& product : order(4))
        for (const Linear* linear : product) groups += groups_of(*linear);
    std::vector<std::uint8_t> weights(static_cast<std::size_t>(vectors_of(blocks) * groups * rows));
    std::uint8_t* to = weights.data();
    for (const BlockAt& block : blocks_in(blocks, rows)) {
        const int vectors = block.vectors;
        for (const auto& product : order(vectors)) {
            const int count = static_cast<int>(product.size());
            for (int i = 0; i < count; ++i)
                for_weights(*product[static_cast<std::size_t>(i)], block, blocks, rows,
                            [&](int v, int byte, int group, std::int8_t weight) {
                                to[((group * count + i) * vectors + v) * rows + byte] =
                                    static_cast<std::uint8_t>(weight);
                            });
            to += groups_of(*product[0]) * count * vectors * rows;
        }
    }
    return weights;
}

std::vector<std::uint8_t> lay_out_packed(std::span<const Linear* const> linears, const BlockPlan& blocks,
                                         const Kernel& kernel) {
    const int rows = kernel.block_rows;
    std::vector<std::uint8_t> packed;
    for (const BlockAt& block : blocks_in(blocks, rows))
        for (const Linear* linear : linears) {
            const MatrixPlan plan = packed_plan(*linear, kernel);
            const int vectors = block.vectors, unit = unit_vectors(plan.width, vectors);
            const int units = (plan.groups * vectors + unit - 1) / unit;
            std::vector<std::uint8_t> codes(static_cast<std::size_t>(units * unit * rows));
            for_weights(*linear, block, blocks, rows, [&](int v, int byte, int group, std::int8_t weight) {
                codes[static_cast<std::size_t>((group * vectors + v) * rows + byte)] =
                    static_cast<std::uint8_t>(code_of(weight, plan, plan.width == 8 && !kernel.codes_of_8_bits));
            });
            const std::size_t unit_bytes = static_cast<std::size_t>(unit * plan.width / 8 * rows),
                              start = packed.size();
            packed.resize(start + static_cast<std::size_t>(units) * unit_bytes);
            for (int i = 0; i < units; ++i)
                pack_unit(codes.data() + i * unit * rows, unit, plan.width, rows,
                          packed.data() + start + static_cast<std::size_t>(i) * unit_bytes);
            packed.resize(start + static_cast<std::size_t>(packed_memory_vectors(plan, vectors) * rows));
        }
    return packed;
}

}  // namespace gruve::kernels
