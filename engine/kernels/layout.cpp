#include "engine/kernels/layout.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <initializer_list>
#include <utility>

namespace gruve::kernels {

std::size_t PlanMemory::bytes() const {
    std::size_t sum = 0;
    for (const auto& array : arrays_) sum += array.bytes();
    return sum;
}

namespace {

constexpr std::int64_t dword_limit = std::int64_t{1} << 31;

// Where a row lies: its block, the dword vector in it, the dword in that.
struct Place {
    int block, vectors, v, dword;
};

Place place_of(int row, const BlockPlan& blocks, int block_rows) {
    const int block = row / block_rows, vectors = block < blocks.full ? 4 : blocks.tail_vectors, in_block = row % block_rows;
    return {block, vectors, in_block / 4 % vectors, in_block / (4 * vectors) * 4 + in_block % 4};
}

// Dword vectors of all blocks.
int vectors_of(const BlockPlan& blocks) { return blocks.full * 4 + blocks.tail_vectors; }

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

// Lays out one of `sums_in_block` sums per block, the one at `index`. False where it can leave 32 bits.
bool lay_out_sum(SumPlan& plan, std::int32_t* sums, int index, int sums_in_block, const Terms& first, const Terms& second, const Bias& bias,
                 int shift, const BlockPlan& blocks, const Kernel& kernel) {
    const int dwords = kernel.block_rows / 4;
    plan.shift_low = std::min(shift, 16);
    plan.shift_left = 16 - plan.shift_low;
    plan.shift_right = shift - plan.shift_low;
    const std::int64_t round = shift == 0 ? 0 : std::int64_t{1} << (shift - 1);
    for (int row = 0; row < blocks.rows; ++row) {
        const Term one = first(row), two = second(row);
        if ((one.bound + two.bound + std::abs(bias.at(row)) + round) >> plan.shift_low >= dword_limit) return false;
        const std::int64_t folded = bias.at(row) + round - one.offset - two.offset;
        const Place place = place_of(row, blocks, kernel.block_rows);
        std::int32_t* to = sums + (place.block * sums_in_block * 4 + index * place.vectors + place.v) * 3 * dwords + place.dword;
        to[0] = static_cast<std::int32_t>(one.multiplier | two.multiplier << 16);
        to[dwords] = static_cast<std::int32_t>(folded & 0xffff);
        to[2 * dwords] = static_cast<std::int32_t>(folded >> 16);
    }
    return true;
}

// The clamp of bytes to `bits` bits; packing saturates at 8.
template <class Plan>
void clamp_bytes(Plan& plan, int bits) {
    plan.clamps = bits < 8;
    plan.low = splat8(signed_min(bits));
    plan.high = splat8(signed_max(bits));
}

// The clamp of words to `bits` bits; none where no value from `least` to `most` needs it.
template <class Plan>
void clamp_words(Plan& plan, int bits, std::int64_t least, std::int64_t most) {
    plan.clamps = bits < 16 && (least < signed_min(bits) || most > signed_max(bits));
    plan.low = splat16(signed_min(bits));
    plan.high = splat16(signed_max(bits));
}

using Entry = std::function<int(int pre)>;

// entry[−i] = complement − entry[i], or −entry[i]; the lowest pre-activation has no counterpart and must equal the next one.
Symmetry symmetry_of(int bits, const Entry& entry, int complement) {
    if (entry(signed_min(bits)) != entry(signed_min(bits) + 1)) return Symmetry::none;
    bool odd = entry(0) == 0, complements = true;
    for (int pre = 1; pre <= signed_max(bits); ++pre) {
        odd = odd && entry(-pre) == -entry(pre);
        complements = complements && (entry(pre) ^ complement) == entry(-pre);
    }
    return odd ? Symmetry::odd : complements ? Symmetry::complement : Symmetry::none;
}

// Rows of 16 entries, each as what differs from the row before.
void lay_out_rows(std::uint8_t* rows, int first, int count, const Entry& entry) {
    for (int i = 0; i < count; ++i) rows[i] = static_cast<std::uint8_t>(i < 16 ? entry(first + i) : entry(first + i) ^ entry(first + i - 16));
}

// entry(pre) for every pre-activation of `bits` bits; complement: all bits that an entry of a σ table may have.
TablePlan lay_out_table(std::uint8_t* entries, int bits, const Kernel& kernel, int complement, const Entry& entry) {
    TablePlan plan{bits, Symmetry::none, splat8(complement), splat8(1 << (bits - 1))};
    const int low = signed_min(bits), half = 1 << (bits - 1);
    if (kernel.table_order == TableOrder::unsigned_bytes) {
        for (int pre = low; pre < half; ++pre) entries[static_cast<std::uint8_t>(pre)] = static_cast<std::uint8_t>(entry(pre));
        return plan;
    }
    plan.symmetry = symmetry_of(bits, entry, complement);
    if (plan.symmetry != Symmetry::none) {
        lay_out_rows(entries, 0, half, entry);
    } else if (bits == 8) {
        lay_out_rows(entries, low, half, entry);
        lay_out_rows(entries + half, 0, half, entry);
    } else {
        lay_out_rows(entries, low, 2 * half, entry);
    }
    return plan;
}

// u has `bits` bits and is stored times 2^(8−bits). False where a product can leave 32 bits.
bool lay_out_product(ProductPlan& plan, const Requantiser& requantiser, int bits, int v_bits, int result_bits) {
    constexpr int largest_shift = 46;  // |u·v·m| < 2^38: any larger shift gives 0 as well
    plan.multiplier = splat16(requantiser.multiplier);
    plan.shift = std::min(requantiser.shift + 8 - bits, largest_shift);
    if (plan.shift > 16) {
        plan.shift_right = plan.shift - 16;
        plan.round = 1 << (plan.shift - 17);
    } else {
        plan.shift_right = plan.shift;
        plan.shift_left = 16 - plan.shift;
        plan.round = plan.shift == 0 ? 0 : 1 << (plan.shift - 1);
    }
    const std::int64_t u = unsigned_max(bits);
    clamp_words(plan, result_bits, requantiser(u * signed_min(v_bits)), requantiser(u * signed_max(v_bits)));
    return ((std::int64_t{255} << 15) * requantiser.multiplier) >> plan.shift < dword_limit;
}

ScalePlan lay_out_scale(const Requantiser& requantiser) {
    ScalePlan plan;
    plan.shift = std::min<int>(requantiser.shift, 31);  // |v·m| < 2^30: any larger shift gives 0 as well
    int round = 0, round_multiplier = 0;
    if (plan.shift > 0) {
        const int of_round = std::min(plan.shift - 1, 15);
        round = -(1 << of_round);  // both negative, so that 2^15 fits
        round_multiplier = -(1 << (plan.shift - 1 - of_round));
    }
    plan.round = splat16(round);
    plan.multipliers = static_cast<Splat>(static_cast<std::uint32_t>(round_multiplier) << 16 | static_cast<std::uint16_t>(requantiser.multiplier));
    return plan;
}

std::int64_t largest(const Requantiser& requantiser, std::int64_t size, int bits) {
    return std::max(std::abs(clamp_signed(requantiser(size), bits)), std::abs(clamp_signed(requantiser(-size), bits)));
}

bool lay_out_state(GruPlan& plan, const GruLayer& gru) {
    plan.state_clamps = gru.state_bits() < 16;
    plan.state_low = splat16(signed_min(gru.state_bits()));
    plan.state_high = splat16(signed_max(gru.state_bits()));
    if (gru.shift_state > 31) return true;  // |a·m_a + b·m_b| < 2^31: always 0
    plan.state_multipliers = gru.m_a | gru.m_b << 16;
    plan.state_shift = gru.shift_state;
    plan.state_round = gru.shift_state == 0 ? 0 : 1 << (gru.shift_state - 1);
    const std::int64_t z_max = unsigned_max(gru.width(Operator::sigmoid_z));
    const std::int64_t n_max = signed_max(gru.width(Operator::tanh_n)), o_max = unsigned_max(gru.width(Operator::one_minus_z));
    const std::int64_t a = largest(gru.candidate, o_max * n_max, gru.width(Operator::product_candidate));
    const std::int64_t b = largest(gru.keep, z_max * -signed_min(gru.state_bits()), gru.width(Operator::product_state));
    return a * gru.m_a + b * gru.m_b + plan.state_round < dword_limit;
}

}  // namespace

BlockPlan blocks_of(int rows, const Kernel& kernel) {
    const int left = rows % kernel.block_rows, quarter = kernel.block_rows / 4, full = rows / kernel.block_rows;
    if (left > 2 * quarter) return {rows, full + 1, 0};
    return {rows, full, left == 0 ? 0 : left <= quarter ? 1 : 2};
}

namespace {

MatrixPlan plan_of(const Linear& linear) {
    int largest = 1;
    for (std::int8_t weight : linear.weights) largest = std::max(largest, std::abs(weight));
    return {(linear.cols + 3) / 4, INT16_MAX / (2 * 255 * largest)};
}

// One after another, block by block.
const std::uint8_t* lay_out_weights(std::initializer_list<const Linear*> linears, const BlockPlan& blocks, const Kernel& kernel, PlanMemory& memory) {
    const int rows = kernel.block_rows;
    int groups_of_all = 0, groups_before = 0;
    for (const Linear* linear : linears) groups_of_all += (linear->cols + 3) / 4;
    auto* weights = memory.make<std::uint8_t>(vectors_of(blocks) * groups_of_all * rows);
    for (const Linear* linear : linears) {
        for (int row = 0; row < blocks.rows; ++row) {
            const Place place = place_of(row, blocks, rows);
            std::uint8_t* to = weights + (place.block * groups_of_all * 4 + groups_before * place.vectors + place.v) * rows + place.dword * 4;
            const std::int8_t* from = linear->weights.data() + static_cast<std::ptrdiff_t>(row) * linear->cols;
            for (int col = 0; col < linear->cols; ++col) to[col / 4 * place.vectors * rows + col % 4] = static_cast<std::uint8_t>(from[col]);
        }
        groups_before += (linear->cols + 3) / 4;
    }
    return weights;
}

}  // namespace

LaidOutProduct lay_out(const Linear& linear, const Kernel& kernel) {
    LaidOutProduct made{plan_of(linear), blocks_of(linear.rows, kernel), nullptr, {}};
    made.weights = lay_out_weights({&linear}, made.blocks, kernel, made.memory);
    return made;
}

std::optional<LaidOut<GruPlan>> lay_out(const GruLayer& gru, const Kernel& kernel) {
    if (kernel.block_rows == 0) return std::nullopt;
    std::optional<LaidOut<GruPlan>> made(std::in_place);
    GruPlan& plan = made->plan;
    PlanMemory& memory = made->memory;
    plan.blocks = blocks_of(gru.hidden_size, kernel);
    for (auto [matrix, linear] : {std::pair{&plan.ir, &gru.ir}, {&plan.hr, &gru.hr}, {&plan.hn, &gru.hn}, {&plan.in, &gru.in}, {&plan.iz, &gru.iz}, {&plan.hz, &gru.hz}})
        *matrix = plan_of(*linear);
    plan.weights = lay_out_weights({&gru.ir, &gru.hr, &gru.hn, &gru.in, &gru.iz, &gru.hz}, plan.blocks, kernel, memory);

    const auto width = [&](Operator op) { return gru.width(op); };
    constexpr int sums_in_block = 4;
    auto* sums = memory.make<std::int32_t>(vectors_of(plan.blocks) * sums_in_block * 3 * kernel.block_rows / 4);
    plan.sums = sums;
    const auto sum = [&](SumPlan& to, int index, const Terms& first, const Terms& second, const Bias& bias, int shift) {
        return lay_out_sum(to, sums, index, sums_in_block, first, second, bias, shift, plan.blocks, kernel);
    };
    const Terms of_p = [&](int) { return Term{gru.m_p, -std::int64_t{signed_min(width(Operator::product_reset))} * gru.m_p, 0}; };
    const bool exact = sum(plan.sum_r, 0, term_of(gru.ir, plan.ir, kernel), term_of(gru.hr, plan.hr, kernel), gru.bias_r, gru.shift_r) &&
                       sum(plan.sum_hn, 1, term_of(gru.hn, plan.hn, kernel), no_term(), gru.bias_hn, gru.shift_hn) &&
                       sum(plan.sum_n, 2, term_of(gru.in, plan.in, kernel), of_p, gru.bias_n, gru.shift_n) &&
                       sum(plan.sum_z, 3, term_of(gru.iz, plan.iz, kernel), term_of(gru.hz, plan.hz, kernel), gru.bias_z, gru.shift_z) &&
                       lay_out_product(plan.reset, gru.reset, width(Operator::sigmoid_r), 16, width(Operator::product_reset)) &&
                       lay_out_product(plan.keep, gru.keep, width(Operator::sigmoid_z), gru.state_bits(), width(Operator::product_state)) &&
                       lay_out_state(plan, gru);
    if (!exact) return std::nullopt;
    plan.large_shifts = std::min({gru.shift_r, gru.shift_z, gru.shift_n, gru.shift_hn}) >= 16;
    clamp_bytes(plan.sum_r, width(Operator::add_r));
    clamp_bytes(plan.sum_z, width(Operator::add_z));
    clamp_bytes(plan.sum_n, width(Operator::add_n));

    plan.candidate = lay_out_scale(gru.candidate);
    const std::int64_t largest_on = std::int64_t{unsigned_max(width(Operator::one_minus_z))} * signed_max(width(Operator::tanh_n));
    clamp_words(plan.candidate, width(Operator::product_candidate), gru.candidate(-largest_on), gru.candidate(largest_on));
    plan.copy = lay_out_scale(gru.copy);
    clamp_bytes(plan.copy, width(Operator::state));

    const int bits_r = width(Operator::sigmoid_r), bits_z = width(Operator::sigmoid_z), bits_o = width(Operator::one_minus_z);
    const Entry r = [&](int pre) { return gru.table_r.at(pre) << (8 - bits_r); };
    const Entry z = [&](int pre) { return gru.table_z.at(pre) << (8 - bits_z); };
    const Entry o = [&](int pre) { return clamp_unsigned(gru.one_minus(unsigned_max(bits_z) - gru.table_z.at(pre)), bits_o); };
    const Entry n = [&](int pre) { return gru.table_n.at(pre); };
    auto* tables = memory.make<std::uint8_t>(4 * 256);
    plan.tables = tables;
    plan.r = lay_out_table(tables, width(Operator::add_r), kernel, unsigned_max(bits_r) << (8 - bits_r), r);
    plan.n = lay_out_table(tables + 256, width(Operator::add_n), kernel, 0, n);
    plan.z = lay_out_table(tables + 512, width(Operator::add_z), kernel, unsigned_max(bits_z) << (8 - bits_z), z);
    plan.o = lay_out_table(tables + 768, width(Operator::add_z), kernel, unsigned_max(bits_o), o);
    plan.o_is_complement = true;
    for (int pre = signed_min(width(Operator::add_z)); pre <= signed_max(width(Operator::add_z)); ++pre)
        plan.o_is_complement = plan.o_is_complement && o(pre) == 255 - z(pre);
    return made;
}

std::optional<LaidOut<DensePlan>> lay_out(const DenseLayer& dense, const Kernel& kernel) {
    if (kernel.block_rows == 0) return std::nullopt;
    std::optional<LaidOut<DensePlan>> made(std::in_place);
    DensePlan& plan = made->plan;
    PlanMemory& memory = made->memory;
    const int bits = dense.widths.pre_activation;
    plan.blocks = blocks_of(dense.linear.rows, kernel);
    plan.linear = plan_of(dense.linear);
    plan.weights = lay_out_weights({&dense.linear}, plan.blocks, kernel, memory);
    auto* sums = memory.make<std::int32_t>(vectors_of(plan.blocks) * 3 * kernel.block_rows / 4);
    plan.sums = sums;
    if (!lay_out_sum(plan.sum, sums, 0, 1, term_of(dense.linear, plan.linear, kernel), no_term(), dense.bias, dense.shift, plan.blocks, kernel)) return std::nullopt;
    clamp_words(plan.sum, bits, INT16_MIN, INT16_MAX);
    if (dense.activation != Activation::none) {
        plan.is_signed = dense.activation == Activation::tanh;
        auto* entries = memory.make<std::uint8_t>(256);
        plan.entries = entries;
        plan.table = lay_out_table(entries, bits, kernel, plan.is_signed ? 0 : unsigned_max(dense.widths.output), [&](int pre) { return dense.table.at(pre); });
    }
    return made;
}

}  // namespace gruve::kernels
