#include "engine/kernels/layout.h"

#include <algorithm>
#include <cstdlib>
#include <functional>

namespace gruve::kernels {

std::size_t PlanMemory::bytes() const {
    std::size_t sum = 0;
    for (const auto& array : arrays_) sum += array.bytes();
    return sum;
}

namespace {

constexpr std::int64_t dword_limit = std::int64_t{1} << 31;

int blocks_of(int rows, const Kernel& kernel) { return (rows + kernel.block_rows - 1) / kernel.block_rows; }

// Where a row lies among the dwords of its block: vector v, and index within it.
struct DwordPlace {
    int v, index;
};
DwordPlace dword_place(int row_in_block) { return {row_in_block / 4 % 4, row_in_block / 16 * 4 + row_in_block % 4}; }

// One of a sum's products: the largest that it can be, and what the activations' offset adds to it.
struct Term {
    std::int64_t multiplier = 0, bound = 0, offset = 0;
};
using Terms = std::function<Term(int row)>;

Terms term_of(const Linear& linear, const MatrixPlan& plan, const Kernel& kernel) {
    const std::int64_t offset = kernel.pairs_saturate && plan.run == 0 ? 0 : kernel.activation_xor;
    return [&linear, offset](int row) {
        std::int64_t sum = 0, sizes = 0;
        for (int col = 0; col < linear.cols; ++col) {
            const int weight = linear.weights[static_cast<std::size_t>(row) * static_cast<std::size_t>(linear.cols) + static_cast<std::size_t>(col)];
            sum += weight;
            sizes += std::abs(weight);
        }
        const std::int64_t m = linear.multiplier_of(row);
        return Term{m, 255 * sizes * m, offset * sum * m};
    };
}

Terms no_term() {
    return [](int) { return Term{}; };
}

// False where the sum can leave 32 bits.
bool lay_out_sum(SumPlan& plan, const Terms& first, const Terms& second, const Bias& bias, int shift, int bits, const Kernel& kernel,
                 PlanMemory& memory) {
    const int count = static_cast<int>(bias.values.size()), dwords = kernel.block_rows / 4;
    auto* rows = memory.make<std::int32_t>(static_cast<std::size_t>(blocks_of(count, kernel)) * 4 * 3 * dwords);
    plan.rows = rows;
    plan.shift_low = std::min(shift, 16);
    plan.shift_left = 16 - plan.shift_low;
    plan.shift_right = shift - plan.shift_low;
    plan.low = signed_min(bits);
    plan.high = signed_max(bits);
    const std::int64_t round = shift == 0 ? 0 : std::int64_t{1} << (shift - 1);
    for (int row = 0; row < count; ++row) {
        const Term one = first(row), two = second(row);
        if ((one.bound + two.bound + std::abs(bias.at(row)) + round) >> plan.shift_low >= dword_limit) return false;
        const std::int64_t folded = bias.at(row) + round - one.offset - two.offset;
        const DwordPlace place = dword_place(row % kernel.block_rows);
        std::int32_t* to = rows + (static_cast<std::ptrdiff_t>(row / kernel.block_rows) * 4 + place.v) * 3 * dwords + place.index;
        to[0] = static_cast<std::int32_t>(one.multiplier | two.multiplier << 16);
        to[dwords] = static_cast<std::int32_t>(folded & 0xffff);
        to[2 * dwords] = static_cast<std::int32_t>(folded >> 16);
    }
    return true;
}

// entry(pre) for every pre-activation of `bits` bits.
const std::uint8_t* lay_out_table(int bits, const Kernel& kernel, PlanMemory& memory, const std::function<int(int pre)>& entry) {
    const int low = signed_min(bits), high = signed_max(bits);
    auto* table = memory.make<std::uint8_t>(256);
    if (kernel.table_order == TableOrder::unsigned_bytes) {
        for (int pre = low; pre <= high; ++pre) table[static_cast<std::uint8_t>(pre)] = static_cast<std::uint8_t>(entry(pre));
        return table;
    }
    for (int pre = low; pre <= high; ++pre) table[pre - low] = static_cast<std::uint8_t>(entry(pre));
    for (int i = 255; i >= 16; --i)
        if (i / 16 != 8 || bits < 8) table[i] ^= table[i - 16];
    return table;
}

// u has `bits` bits and is stored times 2^(8−bits). False where a product can leave 32 bits.
bool lay_out_product(ProductPlan& plan, const Requantiser& requantiser, int bits, int result_bits) {
    constexpr int largest_shift = 46;  // |u·v·m| < 2^38: any larger shift gives 0 as well
    plan.multiplier = requantiser.multiplier;
    plan.shift = std::min(requantiser.shift + 8 - bits, largest_shift);
    plan.low = signed_min(result_bits);
    plan.high = signed_max(result_bits);
    return ((std::int64_t{255} << 15) * plan.multiplier) >> plan.shift < dword_limit;
}

ScalePlan lay_out_scale(const Requantiser& requantiser, int result_bits) {
    ScalePlan plan;
    plan.multiplier = requantiser.multiplier;
    plan.shift = std::min<int>(requantiser.shift, 31);  // |v·m| < 2^30: any larger shift gives 0 as well
    if (plan.shift > 0) {
        const int of_v = std::min(plan.shift - 1, 15);
        plan.round_v = -(1 << of_v);  // both negative, so that 2^15 fits
        plan.round_m = -(1 << (plan.shift - 1 - of_v));
    }
    plan.low = signed_min(result_bits);
    plan.high = signed_max(result_bits);
    return plan;
}

std::int64_t largest(const Requantiser& requantiser, std::int64_t size, int bits) {
    return std::max(std::abs(clamp_signed(requantiser(size), bits)), std::abs(clamp_signed(requantiser(-size), bits)));
}

bool lay_out_state(GruPlan& plan, const GruLayer& gru) {
    plan.state_low = signed_min(gru.state_bits());
    plan.state_high = signed_max(gru.state_bits());
    if (gru.shift_state > 31) return true;  // |a·m_a + b·m_b| < 2^31: always 0
    plan.m_a = gru.m_a;
    plan.m_b = gru.m_b;
    plan.shift_state = gru.shift_state;
    plan.round_state = gru.shift_state == 0 ? 0 : 1 << (gru.shift_state - 1);
    const std::int64_t z_max = unsigned_max(gru.width(Operator::sigmoid_z));
    const std::int64_t n_max = signed_max(gru.width(Operator::tanh_n)), o_max = unsigned_max(gru.width(Operator::one_minus_z));
    const std::int64_t a = largest(gru.candidate, o_max * n_max, gru.width(Operator::product_candidate));
    const std::int64_t b = largest(gru.keep, z_max * -signed_min(gru.state_bits()), gru.width(Operator::product_state));
    return a * gru.m_a + b * gru.m_b + plan.round_state < dword_limit;
}

}  // namespace

MatrixPlan lay_out(const Linear& linear, const Kernel& kernel, PlanMemory& memory) {
    const int rows = kernel.block_rows, groups = (linear.cols + 3) / 4, group_bytes = 4 * rows;
    auto* weights = memory.make<std::uint8_t>(static_cast<std::size_t>(blocks_of(linear.rows, kernel)) * groups * group_bytes);
    int largest = 1;
    for (int row = 0; row < linear.rows; ++row) {
        const DwordPlace place = dword_place(row % rows);
        std::uint8_t* to = weights + static_cast<std::ptrdiff_t>(row / rows) * groups * group_bytes + place.v * rows + place.index * 4;
        const std::int8_t* from = linear.weights.data() + static_cast<std::ptrdiff_t>(row) * linear.cols;
        for (int col = 0; col < linear.cols; ++col) {
            to[static_cast<std::ptrdiff_t>(col / 4) * group_bytes + col % 4] = static_cast<std::uint8_t>(from[col]);
            largest = std::max(largest, std::abs(from[col]));
        }
    }
    return {weights, groups, INT16_MAX / (2 * 255 * largest)};
}

std::optional<LaidOut<GruPlan>> lay_out(const GruLayer& gru, const Kernel& kernel) {
    if (kernel.block_rows == 0) return std::nullopt;
    std::optional<LaidOut<GruPlan>> made(std::in_place);
    GruPlan& plan = made->plan;
    PlanMemory& memory = made->memory;
    plan.rows = gru.hidden_size;
    plan.blocks = blocks_of(gru.hidden_size, kernel);

    plan.ir = lay_out(gru.ir, kernel, memory);
    plan.hr = lay_out(gru.hr, kernel, memory);
    plan.iz = lay_out(gru.iz, kernel, memory);
    plan.hz = lay_out(gru.hz, kernel, memory);
    plan.hn = lay_out(gru.hn, kernel, memory);
    plan.in = lay_out(gru.in, kernel, memory);

    const auto width = [&](Operator op) { return gru.width(op); };
    const Terms of_p = [&gru](int) { return Term{gru.m_p, std::int64_t{128} * gru.m_p, 0}; };
    bool exact = lay_out_sum(plan.sum_r, term_of(gru.ir, plan.ir, kernel), term_of(gru.hr, plan.hr, kernel), gru.bias_r, gru.shift_r, width(Operator::add_r), kernel, memory);
    exact = exact && lay_out_sum(plan.sum_z, term_of(gru.iz, plan.iz, kernel), term_of(gru.hz, plan.hz, kernel), gru.bias_z, gru.shift_z, width(Operator::add_z), kernel, memory);
    exact = exact && lay_out_sum(plan.sum_hn, term_of(gru.hn, plan.hn, kernel), no_term(), gru.bias_hn, gru.shift_hn, 16, kernel, memory);
    exact = exact && lay_out_sum(plan.sum_n, term_of(gru.in, plan.in, kernel), of_p, gru.bias_n, gru.shift_n, width(Operator::add_n), kernel, memory);
    exact = exact && lay_out_product(plan.reset, gru.reset, width(Operator::sigmoid_r), width(Operator::product_reset));
    exact = exact && lay_out_product(plan.keep, gru.keep, width(Operator::sigmoid_z), width(Operator::product_state));
    exact = exact && lay_out_state(plan, gru);
    if (!exact) return std::nullopt;
    plan.candidate = lay_out_scale(gru.candidate, width(Operator::product_candidate));
    plan.copy = lay_out_scale(gru.copy, width(Operator::state));

    plan.bits_r = width(Operator::add_r);
    plan.bits_z = width(Operator::add_z);
    plan.bits_n = width(Operator::add_n);
    const int bits_sigma_r = width(Operator::sigmoid_r), bits_sigma_z = width(Operator::sigmoid_z);
    plan.table_r = lay_out_table(plan.bits_r, kernel, memory, [&](int pre) { return gru.table_r.at(pre) << (8 - bits_sigma_r); });
    plan.table_z = lay_out_table(plan.bits_z, kernel, memory, [&](int pre) { return gru.table_z.at(pre) << (8 - bits_sigma_z); });
    plan.table_o = lay_out_table(plan.bits_z, kernel, memory, [&](int pre) {
        return clamp_unsigned(gru.one_minus(unsigned_max(bits_sigma_z) - gru.table_z.at(pre)), width(Operator::one_minus_z));
    });
    plan.table_n = lay_out_table(plan.bits_n, kernel, memory, [&](int pre) { return gru.table_n.at(pre); });
    return made;
}

std::optional<LaidOut<DensePlan>> lay_out(const DenseLayer& dense, const Kernel& kernel) {
    if (kernel.block_rows == 0) return std::nullopt;
    std::optional<LaidOut<DensePlan>> made(std::in_place);
    DensePlan& plan = made->plan;
    PlanMemory& memory = made->memory;
    plan.rows = dense.linear.rows;
    plan.blocks = blocks_of(dense.linear.rows, kernel);
    plan.bits = dense.widths.pre_activation;
    plan.linear = lay_out(dense.linear, kernel, memory);
    if (!lay_out_sum(plan.sum, term_of(dense.linear, plan.linear, kernel), no_term(), dense.bias, dense.shift, plan.bits, kernel, memory)) return std::nullopt;
    if (dense.activation != Activation::none) {
        plan.is_signed = dense.activation == Activation::tanh;
        plan.table = lay_out_table(plan.bits, kernel, memory, [&](int pre) { return dense.table.at(pre); });
    }
    return made;
}

}  // namespace gruve::kernels
