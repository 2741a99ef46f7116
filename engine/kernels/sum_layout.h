// Sums of products, multipliers and biases: whether they are exact in 32 bits, and how they lie in memory (SumPlan).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "engine/kernels/kernel.h"
#include "engine/kernels/place.h"
#include "engine/kernels/plan.h"
#include "engine/model/model.h"

namespace gruve::kernels {

/// First value that a signed dword cannot hold.
inline constexpr std::int64_t dword_limit = std::int64_t{1} << 31;

/// One product of a sum: acc·multiplier. bound: its largest size. offset: what the activations' offset adds to it.
struct Term {
    std::int64_t multiplier = 0, bound = 0, offset = 0;
};
/// The term of each row.
using Terms = std::function<Term(int row)>;

/// The term of a linear, which must outlive it. offset(row): added to every activation that the row reads.
Terms term_of(const Linear& linear, std::function<std::int64_t(int row)> offset);
/// For sums of one product.
Terms no_term();

/// A sum: round_shift(first + second + bias, shift) of each row. In a network of bands, each band may have biases of
/// its own besides.
struct Sum {
    Terms first, second;
    const Bias& bias;
    int shift;
    const Bias* by_band = nullptr;  // as DenseLayer::by_band, not empty

    int rows() const { return static_cast<int>(bias.values.size()); }
    /// The number of bands that differ.
    int bands() const { return by_band == nullptr ? 1 : static_cast<int>(by_band->values.size()) / rows(); }
    std::int64_t bias_of(int row, int band) const {
        return bias.at(row) + (by_band == nullptr ? 0 : by_band->at(band * rows() + row));
    }
};

/// What rounding adds before a right shift.
std::int64_t rounding(int shift);

/// Fills in the shift. False if a row's sum can leave 32 bits.
bool plan_sum(SumPlan& plan, const Sum& sum);
/// Fills in the bias shift of Form::compact. False if a bias with its rounding can leave 32 bits.
bool plan_narrow_bias(SumPlan& plan, const Sum& sum);

/// Two 16-bit values in one dword.
std::int32_t pair_of(std::int64_t low, std::int64_t high);

/// Form::fast: writes one of the `sums_in_block` sums that each block has, the one at `index`. The sums of a band
/// follow those of all blocks of the band before it.
void lay_out_sum(std::vector<std::int32_t>& sums, int index, int sums_in_block, const Sum& sum, const BlockPlan& blocks,
                 const Kernel& kernel);

/// Form::compact: pairs(row) gives `count` dwords of each row.
template <std::size_t count, class Pairs>
std::vector<std::int32_t> lay_out_pairs(const BlockPlan& blocks, const Kernel& kernel, Pairs pairs) {
    const int dwords = kernel.block_rows / 4, vectors = static_cast<int>(count);
    std::vector<std::int32_t> sums(static_cast<std::size_t>(vectors_of(blocks) * vectors * dwords));
    for (int row = 0; row < blocks.rows; ++row) {
        const Place place = place_of(row, blocks, kernel.block_rows);
        const std::array<std::int32_t, count> of_row = pairs(row);
        std::int32_t* to = sums.data() + (place.before + place.v) * vectors * dwords + place.dword;
        for (int i = 0; i < vectors; ++i) to[i * dwords] = of_row[static_cast<std::size_t>(i)];
    }
    return sums;
}

}  // namespace gruve::kernels
