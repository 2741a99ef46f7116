#include "engine/kernels/sum_layout.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "engine/model/fixed_point.h"

namespace gruve::kernels {

Terms term_of(const Linear& linear, std::function<std::int64_t(int row)> offset) {
    return [&linear, offset = std::move(offset)](int row) {
        std::int64_t sum = 0, sizes = 0;
        for (int col = 0; col < linear.cols; ++col) {
            const int weight = linear.weights[static_cast<std::size_t>(row) * static_cast<std::size_t>(linear.cols) +
                                              static_cast<std::size_t>(col)];
            sum += weight;
            sizes += std::abs(weight);
        }
        const std::int64_t m = linear.multiplier_of(row);
        return Term{m, 255 * sizes * m, offset(row) * sum * m};
    };
}

Terms no_term() {
    return [](int) { return Term{}; };
}

std::int64_t rounding(int shift) { return shift == 0 ? 0 : std::int64_t{1} << (shift - 1); }

bool plan_sum(SumPlan& plan, const Sum& sum) {
    plan.shift = static_cast<std::uint8_t>(sum.shift);
    for (int row = 0; row < sum.rows(); ++row) {
        std::int64_t largest_bias = 0;
        for (int band = 0; band < sum.bands(); ++band)
            largest_bias = std::max(largest_bias, std::abs(sum.bias_of(row, band)));
        if ((sum.first(row).bound + sum.second(row).bound + largest_bias + rounding(sum.shift)) >>
            shifts[plan.shift].low >= dword_limit)
            return false;
    }
    return true;
}

bool plan_narrow_bias(SumPlan& plan, const Sum& sum) {
    std::int64_t largest = 0;
    for (int row = 0; row < static_cast<int>(sum.bias.values.size()); ++row)
        largest = std::max(largest, std::abs(sum.bias.at(row)));
    if (largest + rounding(sum.shift) >= dword_limit) return false;
    plan.bias_shift = static_cast<std::uint8_t>(sum.bias.shift);
    return true;
}

std::int32_t pair_of(std::int64_t low, std::int64_t high) {
    return static_cast<std::int32_t>((low & 0xffff) | high << 16);
}

void lay_out_sum(std::vector<std::int32_t>& sums, int index, int sums_in_block, const Sum& sum, const BlockPlan& blocks,
                 const Kernel& kernel) {
    const int dwords = kernel.block_rows / 4, of_band = vectors_of(blocks) * sums_in_block * 3 * dwords;
    for (int row = 0; row < blocks.rows; ++row) {
        const Term first = sum.first(row), second = sum.second(row);
        const Place place = place_of(row, blocks, kernel.block_rows);
        std::int32_t* to =
            sums.data() + (place.before * sums_in_block + index * place.vectors + place.v) * 3 * dwords + place.dword;
        for (int band = 0; band < sum.bands(); ++band, to += of_band) {
            const std::int64_t folded = sum.bias_of(row, band) + rounding(sum.shift) - first.offset - second.offset;
            to[0] = pair_of(first.multiplier, second.multiplier);
            to[dwords] = static_cast<std::int32_t>(folded & 0xffff);
            to[2 * dwords] = static_cast<std::int32_t>(folded >> 16);
        }
    }
}

}  // namespace gruve::kernels
