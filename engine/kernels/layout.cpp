#include "engine/kernels/layout.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <iterator>

#include "engine/kernels/place.h"

namespace gruve::kernels {
namespace {

constexpr std::int64_t dword_limit = std::int64_t{1} << 31;

// One of a sum's products: the largest that it can be, and what the activations' offset adds to it.
struct Term {
    std::int64_t multiplier = 0, bound = 0, offset = 0;
};
using Terms = std::function<Term(int row)>;

// offset(row): what is added to every activation.
template <class Offset>
Terms term_of(const Linear& linear, Offset offset) {
    return [&linear, offset](int row) {
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

// False where the sum can leave 32 bits.
bool plan_sum(SumPlan& plan, const Terms& first, const Terms& second, const Bias& bias, int shift) {
    plan.shift = static_cast<std::uint8_t>(shift);
    for (int row = 0; row < static_cast<int>(bias.values.size()); ++row)
        if ((first(row).bound + second(row).bound + std::abs(bias.at(row)) + rounding(shift)) >>
            shifts[plan.shift].low >= dword_limit)
            return false;
    return true;
}

// Of Form::compact. False where the bias doesn't fit.
bool plan_narrow_bias(SumPlan& plan, const Bias& bias, int shift) {
    std::int64_t largest = 0;
    for (int row = 0; row < static_cast<int>(bias.values.size()); ++row)
        largest = std::max(largest, std::abs(bias.at(row)));
    if (largest + rounding(shift) >= dword_limit) return false;
    plan.bias_shift = static_cast<std::uint8_t>(bias.shift);
    return true;
}

std::int32_t pair_of(std::int64_t low, std::int64_t high) {
    return static_cast<std::int32_t>((low & 0xffff) | high << 16);
}

// Form::fast: one of `sums_in_block` sums per block, the one at `index`.
void lay_out_sum(std::vector<std::int32_t>& sums, int index, int sums_in_block, const Terms& first, const Terms& second,
                 const Bias& bias, int shift, const BlockPlan& blocks, const Kernel& kernel) {
    const int dwords = kernel.block_rows / 4;
    for (int row = 0; row < blocks.rows; ++row) {
        const Term one = first(row), two = second(row);
        const std::int64_t folded = bias.at(row) + rounding(shift) - one.offset - two.offset;
        const Place place = place_of(row, blocks, kernel.block_rows);
        std::int32_t* to =
            sums.data() + (place.before * sums_in_block + index * place.vectors + place.v) * 3 * dwords + place.dword;
        to[0] = pair_of(one.multiplier, two.multiplier);
        to[dwords] = static_cast<std::int32_t>(folded & 0xffff);
        to[2 * dwords] = static_cast<std::int32_t>(folded >> 16);
    }
}

// Form::compact: pairs(row) of every row.
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

// The clamp of bytes to `bits` bits; packing saturates at 8.
template <class Plan>
void clamp_bytes(Plan& plan, int bits) {
    plan.clamp_bits = static_cast<std::uint8_t>(bits < 8 ? bits : 0);
}

// The clamp of words to `bits` bits; none where no value from `least` to `most` needs it.
template <class Plan>
void clamp_words(Plan& plan, int bits, std::int64_t least, std::int64_t most) {
    plan.clamp_bits =
        static_cast<std::uint8_t>(bits < 16 && (least < signed_min(bits) || most > signed_max(bits)) ? bits : 0);
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

// A layer's tables, one after another. A look-up may load beyond the last one, where weights and sums follow.
class Tables {
public:
    explicit Tables(const Kernel& kernel) : kernel_(kernel) {}

    // entry(pre) for every pre-activation of `bits` bits; complement: all bits that an entry of a σ table may have.
    TablePlan add(int bits, int complement, const Entry& entry) {
        TablePlan plan{static_cast<std::uint16_t>(bytes_.size()), static_cast<std::uint8_t>(bits), Symmetry::none,
                       splat8(complement)};
        if (kernel_.table_order == TableOrder::differences) plan.symmetry = symmetry_of(bits, entry, complement);
        for (int pre = plan.symmetry == Symmetry::none ? signed_min(bits) : 0; pre <= signed_max(bits); ++pre)
            bytes_.push_back(static_cast<std::uint8_t>(entry(pre)));
        if (kernel_.table_order == TableOrder::differences)
            for (std::size_t i = bytes_.size() - plan.at; i-- > 16;)
                if (i % 128 >= 16) bytes_[plan.at + i] ^= bytes_[plan.at + i - 16];
        return plan;
    }

    const std::vector<std::uint8_t>& bytes() const { return bytes_; }

private:
    const Kernel& kernel_;
    std::vector<std::uint8_t> bytes_;
};

// u has `bits` bits and is stored times 2^(8−bits). False where a product can leave 32 bits.
bool lay_out_product(ProductPlan& plan, const Requantiser& requantiser, int bits, int v_bits, int result_bits) {
    static_assert(max_shift > 38);  // |u·v·m| < 2^38: any larger shift gives 0 as well
    plan.multiplier = splat16(requantiser.multiplier);
    plan.shift = static_cast<std::uint8_t>(std::min(requantiser.shift + 8 - bits, max_shift));
    const std::int64_t u = unsigned_max(bits);
    clamp_words(plan, result_bits, requantiser(u * signed_min(v_bits)), requantiser(u * signed_max(v_bits)));
    return ((std::int64_t{255} << 15) * requantiser.multiplier) >> plan.shift < dword_limit;
}

ScalePlan lay_out_scale(const Requantiser& requantiser) {
    ScalePlan plan;
    plan.shift = static_cast<std::uint8_t>(
        std::min<int>(requantiser.shift, 31));  // |v·m| < 2^30: any larger shift gives 0 as well
    if (plan.shift > 16) {
        plan.multipliers = splat16(requantiser.multiplier);
        plan.round = splat16(1 << (plan.shift - 17));
        return plan;
    }
    int round = 0, round_multiplier = 0;
    if (plan.shift > 0) {
        const int of_round = std::min(plan.shift - 1, 15);
        round = -(1 << of_round);  // both negative, so that 2^15 fits
        round_multiplier = -(1 << (plan.shift - 1 - of_round));
    }
    plan.round = splat16(round);
    plan.multipliers = static_cast<Splat>(static_cast<std::uint32_t>(round_multiplier) << 16 |
                                          static_cast<std::uint16_t>(requantiser.multiplier));
    return plan;
}

std::int64_t largest(const Requantiser& requantiser, std::int64_t size, int bits) {
    return std::max(std::abs(clamp_signed(requantiser(size), bits)), std::abs(clamp_signed(requantiser(-size), bits)));
}

bool lay_out_state(GruPlan& plan, const GruLayer& gru) {
    clamp_words(plan.state, gru.state_bits(), INT16_MIN, INT16_MAX);
    if (gru.shift_state > 31) return true;  // |a·m_a + b·m_b| < 2^31: always 0
    plan.state.multiplier = pair_of(gru.m_a, gru.m_b);
    plan.state.shift = static_cast<std::uint8_t>(gru.shift_state);
    const std::int64_t z_max = unsigned_max(gru.width(Operator::sigmoid_z));
    const std::int64_t n_max = signed_max(gru.width(Operator::tanh_n)),
                       o_max = unsigned_max(gru.width(Operator::one_minus_z));
    const std::int64_t a = largest(gru.candidate, o_max * n_max, gru.width(Operator::product_candidate));
    const std::int64_t b = largest(gru.keep, z_max * -signed_min(gru.state_bits()), gru.width(Operator::product_state));
    return a * gru.m_a + b * gru.m_b + rounding(gru.shift_state) < dword_limit;
}

}  // namespace

// A block of two vectors and one of one are fewer bytes than a whole block, but slower.
BlockPlan blocks_of(int rows, const Kernel& kernel, Form form) {
    const int quarter = kernel.block_rows / 4, full = rows / kernel.block_rows,
              tail = (rows % kernel.block_rows + quarter - 1) / quarter;
    const bool is_whole = tail > (form == Form::compact ? 3 : 2);
    return {static_cast<std::int16_t>(rows), static_cast<std::int16_t>(full + is_whole),
            static_cast<std::int16_t>(is_whole ? 0 : tail)};
}

LaidOutProduct lay_out(const Linear& linear, const Kernel& kernel) {
    const BlockPlan blocks = blocks_of(linear.rows, kernel, Form::fast);
    const auto weights = lay_out_fast([&](int) { return WeightOrder{{&linear}}; }, blocks, kernel);
    LaidOutProduct made{fast_plan({&linear}), blocks, Aligned<std::uint8_t>(weights.size())};
    std::copy(weights.begin(), weights.end(), made.weights.data());
    return made;
}

std::optional<LaidOut<GruPlan>> lay_out(const GruLayer& gru, const Kernel& kernel, bool compact) {
    if (kernel.block_rows == 0) return std::nullopt;
    GruPlan plan;
    std::vector<std::uint8_t> weights;
    std::vector<std::int32_t> sums;
    plan.blocks = blocks_of(gru.hidden_size, kernel, Form::fast);
    plan.input_size = static_cast<std::int16_t>(gru.input_size);
    const auto width = [&](Operator op) { return gru.width(op); };
    const std::array<const Linear*, products> linears{&gru.ir, &gru.hr, &gru.hn, &gru.in, &gru.iz, &gru.hz};
    for (std::size_t i = 0; i < products; ++i) plan.matrices[i] = fast_plan({linears[i]});
    if (gates_at_once(4, kernel.vectors_at_once) == 2) {
        plan.matrices[product_ir] = plan.matrices[product_iz] = fast_plan({&gru.ir, &gru.iz});
        plan.matrices[product_hr] = plan.matrices[product_hz] = fast_plan({&gru.hr, &gru.hz});
    }
    plan.of_x = fast_plan({&gru.ir, &gru.in, &gru.iz});
    plan.of_h = fast_plan({&gru.hr, &gru.hn, &gru.hz});
    const auto order = [&](int vectors) -> WeightOrder {
        switch (gates_at_once(vectors, kernel.vectors_at_once)) {
            case 3:
                return {{&gru.ir, &gru.in, &gru.iz}, {&gru.hr, &gru.hn, &gru.hz}};
            case 2:
                return {{&gru.ir, &gru.iz}, {&gru.hr, &gru.hz}, {&gru.hn}, {&gru.in}};
            default:
                return {{&gru.ir}, {&gru.hr}, {&gru.hn}, {&gru.in}, {&gru.iz}, {&gru.hz}};
        }
    };
    const auto term = [&](Product product) {
        return term_of(*linears[product], [&, product](int row) {
            const bool one =
                gates_at_once(place_of(row, plan.blocks, kernel.block_rows).vectors, kernel.vectors_at_once) == 3;
            const bool is_of_x = product == product_ir || product == product_in || product == product_iz;
            const MatrixPlan& matrix = one ? is_of_x ? plan.of_x : plan.of_h : plan.matrices[product];
            return kernel.pairs_saturate && matrix.run == 0 ? 0 : std::int64_t{kernel.activation_xor};
        });
    };
    const Terms ir = term(product_ir), in = term(product_in), iz = term(product_iz), hr = term(product_hr),
                hn = term(product_hn), hz = term(product_hz);
    const Terms p = [&](int) {
        return Term{gru.m_p, -std::int64_t{signed_min(width(Operator::product_reset))} * gru.m_p, 0};
    };
    const bool exact =
        plan_sum(plan.sum_r, ir, hr, gru.bias_r, gru.shift_r) &&
        plan_sum(plan.sum_hn, hn, no_term(), gru.bias_hn, gru.shift_hn) &&
        plan_sum(plan.sum_n, in, p, gru.bias_n, gru.shift_n) && plan_sum(plan.sum_z, iz, hz, gru.bias_z, gru.shift_z) &&
        lay_out_product(plan.reset, gru.reset, width(Operator::sigmoid_r), 16, width(Operator::product_reset)) &&
        lay_out_product(plan.keep, gru.keep, width(Operator::sigmoid_z), gru.state_bits(),
                        width(Operator::product_state)) &&
        lay_out_state(plan, gru);
    if (!exact) return std::nullopt;
    clamp_bytes(plan.sum_r, width(Operator::add_r));
    clamp_bytes(plan.sum_z, width(Operator::add_z));
    clamp_bytes(plan.sum_n, width(Operator::add_n));

    const int unpacked_bytes = 3 * gru.hidden_size * (gru.input_size + gru.hidden_size);
    const bool one_plane = std::all_of(linears.begin(), linears.end(), [&](const Linear* linear) {
        const int bits = packed_plan(*linear, kernel).width;
        return bits == 1 || bits == 2 || bits == 4;
    });
    plan.in_memory = compact;
    compact = (compact || (one_plane && unpacked_bytes > kernel.packed_above)) &&
              plan_narrow_bias(plan.sum_r, gru.bias_r, gru.shift_r) &&
              plan_narrow_bias(plan.sum_z, gru.bias_z, gru.shift_z) &&
              plan_narrow_bias(plan.sum_n, gru.bias_n, gru.shift_n) &&
              plan_narrow_bias(plan.sum_hn, gru.bias_hn, gru.shift_hn);
    if (compact) {
        plan.form = Form::compact;
        plan.blocks = blocks_of(gru.hidden_size, kernel, plan.form);
        for (std::size_t i = 0; i < products; ++i) plan.matrices[i] = packed_plan(*linears[i], kernel);
        weights = lay_out_packed(linears, plan.blocks, kernel);
        plan.row_multipliers = std::any_of(linears.begin(), linears.end(),
                                           [](const Linear* linear) { return linear->multiplier.size() > 1; });
        const auto multipliers = [&](int row) {
            return std::array{pair_of(gru.ir.multiplier_of(row), gru.hr.multiplier_of(row)),
                              pair_of(gru.iz.multiplier_of(row), gru.hz.multiplier_of(row)),
                              pair_of(gru.hn.multiplier_of(row), gru.in.multiplier_of(row))};
        };
        const auto biases = [&](int row) {
            const auto i = static_cast<std::size_t>(row);
            return std::array{pair_of(gru.bias_r.values[i], gru.bias_z.values[i]),
                              pair_of(gru.bias_hn.values[i], gru.bias_n.values[i])};
        };
        plan.multiplier_p = splat16(gru.m_p);
        std::copy_n(multipliers(0).begin(), 3, plan.multipliers);
        if (plan.row_multipliers)
            sums = lay_out_pairs<5>(plan.blocks, kernel, [&](int row) {
                const auto m = multipliers(row);
                const auto b = biases(row);
                return std::array{m[0], m[1], m[2], b[0], b[1]};
            });
        else
            sums = lay_out_pairs<2>(plan.blocks, kernel, biases);
    } else {
        weights = lay_out_fast(order, plan.blocks, kernel);
        sums.resize(static_cast<std::size_t>(vectors_of(plan.blocks) * 4 * 3 * kernel.block_rows / 4));
        lay_out_sum(sums, 0, 4, ir, hr, gru.bias_r, gru.shift_r, plan.blocks, kernel);
        lay_out_sum(sums, 1, 4, hn, no_term(), gru.bias_hn, gru.shift_hn, plan.blocks, kernel);
        lay_out_sum(sums, 2, 4, in, p, gru.bias_n, gru.shift_n, plan.blocks, kernel);
        lay_out_sum(sums, 3, 4, iz, hz, gru.bias_z, gru.shift_z, plan.blocks, kernel);
    }

    plan.candidate = lay_out_scale(gru.candidate);
    const std::int64_t largest_on =
        std::int64_t{unsigned_max(width(Operator::one_minus_z))} * signed_max(width(Operator::tanh_n));
    clamp_words(plan.candidate, width(Operator::product_candidate), gru.candidate(-largest_on),
                gru.candidate(largest_on));
    plan.copy = lay_out_scale(gru.copy);
    clamp_bytes(plan.copy, width(Operator::state));

    const int bits_r = width(Operator::sigmoid_r), bits_z = width(Operator::sigmoid_z),
              bits_o = width(Operator::one_minus_z);
    const Entry r = [&](int pre) { return gru.table_r.at(pre) << (8 - bits_r); };
    const Entry z = [&](int pre) { return gru.table_z.at(pre) << (8 - bits_z); };
    const Entry o = [&](int pre) {
        return clamp_unsigned(gru.one_minus(unsigned_max(bits_z) - gru.table_z.at(pre)), bits_o);
    };
    const Entry n = [&](int pre) { return gru.table_n.at(pre); };
    Tables tables(kernel);
    plan.r = tables.add(width(Operator::add_r), unsigned_max(bits_r) << (8 - bits_r), r);
    plan.n = tables.add(width(Operator::add_n), 0, n);
    plan.z = tables.add(width(Operator::add_z), unsigned_max(bits_z) << (8 - bits_z), z);
    plan.o_is_complement = true;
    for (int pre = signed_min(width(Operator::add_z)); pre <= signed_max(width(Operator::add_z)); ++pre)
        plan.o_is_complement = plan.o_is_complement && o(pre) == 255 - z(pre);
    if (!plan.o_is_complement) plan.o = tables.add(width(Operator::add_z), unsigned_max(bits_o), o);
    return LaidOut(plan, tables.bytes(), weights, sums);
}

std::optional<LaidOut<DensePlan>> lay_out(const DenseLayer& dense, const Kernel& kernel, bool compact) {
    if (kernel.block_rows == 0) return std::nullopt;
    DensePlan plan;
    std::vector<std::uint8_t> weights;
    std::vector<std::int32_t> sums;
    const Linear* const alone[] = {&dense.linear};
    const int bits = dense.widths.pre_activation;
    plan.blocks = blocks_of(dense.linear.rows, kernel, Form::fast);
    plan.input_size = static_cast<std::int16_t>(dense.linear.cols);
    plan.linear = fast_plan({&dense.linear});
    const std::int64_t offset = kernel.pairs_saturate && plan.linear.run == 0 ? 0 : kernel.activation_xor;
    const Terms term = term_of(dense.linear, [=](int) { return offset; });
    if (!plan_sum(plan.sum, term, no_term(), dense.bias, dense.shift)) return std::nullopt;
    clamp_words(plan.sum, bits, INT16_MIN, INT16_MAX);
    if (compact && plan_narrow_bias(plan.sum, dense.bias, dense.shift)) {
        plan.form = Form::compact;
        plan.blocks = blocks_of(dense.linear.rows, kernel, plan.form);
        plan.linear = packed_plan(dense.linear, kernel);
        weights = lay_out_packed(alone, plan.blocks, kernel);
        sums = lay_out_pairs<1>(plan.blocks, kernel, [&](int row) {
            return std::array{
                pair_of(dense.linear.multiplier_of(row), dense.bias.values[static_cast<std::size_t>(row)])};
        });
    } else {
        weights = lay_out_fast([&](int) { return WeightOrder{{&dense.linear}}; }, plan.blocks, kernel);
        sums.resize(static_cast<std::size_t>(vectors_of(plan.blocks) * 3 * kernel.block_rows / 4));
        lay_out_sum(sums, 0, 1, term, no_term(), dense.bias, dense.shift, plan.blocks, kernel);
    }
    Tables tables(kernel);
    if (dense.activation != Activation::none) {
        plan.has_table = true;
        plan.is_signed = dense.activation == Activation::tanh;
        plan.table = tables.add(bits, plan.is_signed ? 0 : unsigned_max(dense.widths.output),
                                [&](int pre) { return dense.table.at(pre); });
    }
    return LaidOut(plan, tables.bytes(), weights, sums);
}

}  // namespace gruve::kernels
