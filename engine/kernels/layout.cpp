#include "engine/kernels/layout.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "engine/kernels/place.h"
#include "engine/kernels/sum_layout.h"
#include "engine/kernels/table_layout.h"
#include "engine/kernels/weight_layout.h"

namespace gruve::kernels {
namespace {

// The clamp of bytes to `bits` bits. Packing saturates at 8 bits already.
template <class Plan>
void clamp_bytes(Plan& plan, int bits) {
    plan.clamp_bits = static_cast<std::uint8_t>(bits < 8 ? bits : 0);
}

// The clamp of words to `bits` bits; none if no value from `least` to `most` needs it.
template <class Plan>
void clamp_words(Plan& plan, int bits, std::int64_t least, std::int64_t most) {
    plan.clamp_bits =
        static_cast<std::uint8_t>(bits < 16 && (least < signed_min(bits) || most > signed_max(bits)) ? bits : 0);
}

// u has `bits` bits and is stored times 2^(8−bits). False if a product can leave 32 bits.
bool lay_out_product(ProductPlan& plan, const Requantiser& requantiser, int bits, int v_bits, int result_bits) {
    static_assert(max_shift > 38);  // |u·v·m| < 2^38, so that any larger shift gives 0 as well
    plan.multiplier = splat16(requantiser.multiplier);
    plan.shift = static_cast<std::uint8_t>(std::min(requantiser.shift + 8 - bits, max_shift));
    const std::int64_t u = unsigned_max(bits);
    clamp_words(plan, result_bits, requantiser(u * signed_min(v_bits)), requantiser(u * signed_max(v_bits)));
    return ((std::int64_t{255} << 15) * requantiser.multiplier) >> plan.shift < dword_limit;
}

ScalePlan lay_out_scale(const Requantiser& requantiser) {
    ScalePlan plan;
    // |v·m| < 2^30, so that any larger shift gives 0 as well.
    plan.shift = static_cast<std::uint8_t>(std::min<int>(requantiser.shift, 31));
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

// The largest result for values up to ±size.
std::int64_t largest(const Requantiser& requantiser, std::int64_t size, int bits) {
    return std::max(std::abs(clamp_signed(requantiser(size), bits)), std::abs(clamp_signed(requantiser(-size), bits)));
}

// False if h' can leave 32 bits before its shift.
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

// One GRU layer on its way to a kernel. Form::fast is planned first; pack() turns it into Form::compact.
class GruLayout {
public:
    GruLayout(const GruLayer& gru, const Kernel& kernel)
        : gru_(gru), kernel_(kernel), linears_{&gru.ir, &gru.hr, &gru.hn, &gru.in, &gru.iz, &gru.hz} {
        plan_.blocks = blocks_of(gru.hidden_size, kernel, Form::fast);
        plan_.input_size = static_cast<std::int16_t>(gru.input_size);
        for (std::size_t i = 0; i < products; ++i) plan_.matrices[i] = fast_plan({linears_[i]});
        if (gates_at_once(4, kernel.vectors_at_once) == 2) {
            plan_.matrices[product_ir] = plan_.matrices[product_iz] = fast_plan({&gru.ir, &gru.iz});
            plan_.matrices[product_hr] = plan_.matrices[product_hz] = fast_plan({&gru.hr, &gru.hz});
        }
        plan_.of_x = fast_plan({&gru.ir, &gru.in, &gru.iz});
        plan_.of_h = fast_plan({&gru.hr, &gru.hn, &gru.hz});
    }
    GruLayout(const GruLayout&) = delete;
    GruLayout& operator=(const GruLayout&) = delete;

    std::optional<LaidOut<GruPlan>> make(bool compact) {
        if (!plan_arithmetic()) return std::nullopt;
        plan_.in_memory = compact;
        if ((compact || is_faster_packed()) && plan_narrow_biases())
            pack();
        else
            unpack();
        plan_scales();
        Tables tables(kernel_);
        add_tables(tables);
        return LaidOut(plan_, tables.bytes(), weights_, sums_);
    }

private:
    int width(Operator op) const { return gru_.width(op); }

    // The offset depends on the matrix plan by which the row's block reads its weights.
    Terms term(Product product) const {
        return term_of(*linears_[product], [this, product](int row) {
            const bool one =
                gates_at_once(place_of(row, plan_.blocks, kernel_.block_rows).vectors, kernel_.vectors_at_once) == 3;
            const bool is_of_x = product == product_ir || product == product_in || product == product_iz;
            const MatrixPlan& matrix = one ? is_of_x ? plan_.of_x : plan_.of_h : plan_.matrices[product];
            return kernel_.pairs_saturate && matrix.run == 0 ? 0 : std::int64_t{kernel_.activation_xor};
        });
    }

    // False if an intermediate value can leave the bounds under which the kernel is exact.
    bool plan_arithmetic() {
        const bool exact =
            plan_sum(plan_.sum_r, sum_r_) && plan_sum(plan_.sum_hn, sum_hn_) && plan_sum(plan_.sum_n, sum_n_) &&
            plan_sum(plan_.sum_z, sum_z_) &&
            lay_out_product(plan_.reset, gru_.reset, width(Operator::sigmoid_r), 16, width(Operator::product_reset)) &&
            lay_out_product(plan_.keep, gru_.keep, width(Operator::sigmoid_z), gru_.state_bits(),
                            width(Operator::product_state)) &&
            lay_out_state(plan_, gru_);
        clamp_bytes(plan_.sum_r, width(Operator::add_r));
        clamp_bytes(plan_.sum_z, width(Operator::add_z));
        clamp_bytes(plan_.sum_n, width(Operator::add_n));
        return exact;
    }

    // Large layers of 1, 2 or 4 bits read fewer bytes packed, and unpack in few instructions.
    bool is_faster_packed() const {
        const int unpacked_bytes = 3 * gru_.hidden_size * (gru_.input_size + gru_.hidden_size);
        const bool one_plane = std::all_of(linears_.begin(), linears_.end(), [&](const Linear* linear) {
            const int bits = packed_plan(*linear, kernel_).width;
            return bits == 1 || bits == 2 || bits == 4;
        });
        return one_plane && unpacked_bytes > kernel_.packed_above;
    }

    bool plan_narrow_biases() {
        return plan_narrow_bias(plan_.sum_r, sum_r_) && plan_narrow_bias(plan_.sum_z, sum_z_) &&
               plan_narrow_bias(plan_.sum_n, sum_n_) && plan_narrow_bias(plan_.sum_hn, sum_hn_);
    }

    void unpack() {
        const auto order = [&](int vectors) -> WeightOrder {
            switch (gates_at_once(vectors, kernel_.vectors_at_once)) {
                case 3:
                    return {{&gru_.ir, &gru_.in, &gru_.iz}, {&gru_.hr, &gru_.hn, &gru_.hz}};
                case 2:
                    return {{&gru_.ir, &gru_.iz}, {&gru_.hr, &gru_.hz}, {&gru_.hn}, {&gru_.in}};
                default:
                    return {{&gru_.ir}, {&gru_.hr}, {&gru_.hn}, {&gru_.in}, {&gru_.iz}, {&gru_.hz}};
            }
        };
        weights_ = lay_out_fast(order, plan_.blocks, kernel_);
        sums_.resize(static_cast<std::size_t>(vectors_of(plan_.blocks) * 4 * 3 * kernel_.block_rows / 4));
        int index = 0;
        for (const Sum* sum : {&sum_r_, &sum_hn_, &sum_n_, &sum_z_})
            lay_out_sum(sums_, index++, 4, *sum, plan_.blocks, kernel_);
    }

    std::array<std::int32_t, 3> multipliers(int row) const {
        return {pair_of(gru_.ir.multiplier_of(row), gru_.hr.multiplier_of(row)),
                pair_of(gru_.iz.multiplier_of(row), gru_.hz.multiplier_of(row)),
                pair_of(gru_.hn.multiplier_of(row), gru_.in.multiplier_of(row))};
    }

    std::array<std::int32_t, 2> biases(int row) const {
        const auto i = static_cast<std::size_t>(row);
        return {pair_of(gru_.bias_r.values[i], gru_.bias_z.values[i]),
                pair_of(gru_.bias_hn.values[i], gru_.bias_n.values[i])};
    }

    void pack() {
        plan_.form = Form::compact;
        plan_.blocks = blocks_of(gru_.hidden_size, kernel_, plan_.form);
        for (std::size_t i = 0; i < products; ++i) plan_.matrices[i] = packed_plan(*linears_[i], kernel_);
        weights_ = lay_out_packed(linears_, plan_.blocks, kernel_);
        plan_.row_multipliers = std::any_of(linears_.begin(), linears_.end(),
                                            [](const Linear* linear) { return linear->multiplier.size() > 1; });
        plan_.multiplier_p = splat16(gru_.m_p);
        std::copy_n(multipliers(0).begin(), 3, plan_.multipliers);
        if (plan_.row_multipliers)
            sums_ = lay_out_pairs<5>(plan_.blocks, kernel_, [&](int row) {
                const auto m = multipliers(row);
                const auto b = biases(row);
                return std::array{m[0], m[1], m[2], b[0], b[1]};
            });
        else
            sums_ = lay_out_pairs<2>(plan_.blocks, kernel_, [&](int row) { return biases(row); });
    }

    void plan_scales() {
        plan_.candidate = lay_out_scale(gru_.candidate);
        const std::int64_t largest_on =
            std::int64_t{unsigned_max(width(Operator::one_minus_z))} * signed_max(width(Operator::tanh_n));
        clamp_words(plan_.candidate, width(Operator::product_candidate), gru_.candidate(-largest_on),
                    gru_.candidate(largest_on));
        plan_.copy = lay_out_scale(gru_.copy);
        clamp_bytes(plan_.copy, width(Operator::state));
    }

    void add_tables(Tables& tables) {
        const int bits_r = width(Operator::sigmoid_r), bits_z = width(Operator::sigmoid_z),
                  bits_o = width(Operator::one_minus_z);
        const Entry r = [&](int pre) { return gru_.table_r.at(pre) << (8 - bits_r); };
        const Entry z = [&](int pre) { return gru_.table_z.at(pre) << (8 - bits_z); };
        const Entry o = [&](int pre) {
            return clamp_unsigned(gru_.one_minus(unsigned_max(bits_z) - gru_.table_z.at(pre)), bits_o);
        };
        const Entry n = [&](int pre) { return gru_.table_n.at(pre); };
        plan_.r = tables.add(width(Operator::add_r), unsigned_max(bits_r) << (8 - bits_r), r);
        plan_.n = tables.add(width(Operator::add_n), 0, n);
        plan_.z = tables.add(width(Operator::add_z), unsigned_max(bits_z) << (8 - bits_z), z);
        plan_.o_is_complement = true;
        for (int pre = signed_min(width(Operator::add_z)); pre <= signed_max(width(Operator::add_z)); ++pre)
            plan_.o_is_complement = plan_.o_is_complement && o(pre) == 255 - z(pre);
        if (!plan_.o_is_complement) plan_.o = tables.add(width(Operator::add_z), unsigned_max(bits_o), o);
    }

    const GruLayer& gru_;
    const Kernel& kernel_;
    std::array<const Linear*, products> linears_;  // by Product
    GruPlan plan_;
    std::vector<std::uint8_t> weights_;
    std::vector<std::int32_t> sums_;

    const Terms p_ = [this](int) {
        return Term{gru_.m_p, -std::int64_t{signed_min(width(Operator::product_reset))} * gru_.m_p, 0};
    };
    const Sum sum_r_{term(product_ir), term(product_hr), gru_.bias_r, gru_.shift_r},
        sum_hn_{term(product_hn), no_term(), gru_.bias_hn, gru_.shift_hn},
        sum_n_{term(product_in), p_, gru_.bias_n, gru_.shift_n},
        sum_z_{term(product_iz), term(product_hz), gru_.bias_z, gru_.shift_z};
};

std::optional<LaidOut<DensePlan>> lay_out_dense(const DenseLayer& dense, const Kernel& kernel, bool compact,
                                                OnPath on_path) {
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
    const Sum sum{term_of(dense.linear, [=](int) { return offset; }), no_term(), dense.bias, dense.shift,
                  dense.by_band.values.empty() ? nullptr : &dense.by_band};
    if (!plan_sum(plan.sum, sum)) return std::nullopt;
    clamp_words(plan.sum, bits, INT16_MIN, INT16_MAX);
    if (compact && plan_narrow_bias(plan.sum, sum)) {
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
        const int of_band = vectors_of(plan.blocks) * 3 * kernel.block_rows / 4;
        if (sum.by_band != nullptr) plan.sums_of_band = of_band;
        sums.resize(static_cast<std::size_t>(sum.bands()) * static_cast<std::size_t>(of_band));
        lay_out_sum(sums, 0, 1, sum, plan.blocks, kernel);
    }
    Tables tables(kernel);
    if (dense.activation != Activation::none) {
        plan.has_table = true;
        plan.is_signed = dense.activation == Activation::tanh;
        plan.table = tables.add(bits, plan.is_signed ? 0 : unsigned_max(dense.widths.output),
                                [&](int pre) { return dense.table.at(pre); });
    }
    plan.on_path = on_path;
    if (on_path == OnPath::starts) plan.lift = splat16(1 << dense.lift);
    if (on_path == OnPath::adds) {
        plan.copy = lay_out_scale(dense.copy);
        clamp_bytes(plan.copy, dense.copy_width);
    }
    return LaidOut(plan, tables.bytes(), weights, sums);
}

}  // namespace

std::optional<LaidOut<GruPlan>> lay_out(const GruLayer& gru, const Kernel& kernel, bool compact) {
    if (kernel.block_rows == 0) return std::nullopt;
    return GruLayout(gru, kernel).make(compact);
}

std::optional<LaidOut<DensePlan>> lay_out(const DenseLayer& dense, const Kernel& kernel, bool compact) {
    return lay_out_dense(dense, kernel, compact, OnPath::none);
}

std::optional<LaidOut<DensePlan>> lay_out(const DenseLayer& dense, const Kernel& kernel, OnPath on_path) {
    return lay_out_dense(dense, kernel, false, on_path);
}

LaidOutProduct lay_out(const Linear& linear, const Kernel& kernel) {
    const BlockPlan blocks = blocks_of(linear.rows, kernel, Form::fast);
    const auto weights = lay_out_fast([&](int) { return WeightOrder{{&linear}}; }, blocks, kernel);
    LaidOutProduct made{fast_plan({&linear}), blocks, Aligned<std::uint8_t>(weights.size())};
    std::copy(weights.begin(), weights.end(), made.weights.data());
    return made;
}

}  // namespace gruve::kernels
