#include "engine/model/reference.h"

#include <algorithm>

namespace gruve {
namespace {

std::int64_t product(const Linear& linear, int row, std::span<const std::int8_t> x_q) {
    const std::int8_t* weights =
        linear.weights.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(linear.cols);
    std::int32_t acc = 0;  // check() ensures that it cannot overflow
    for (std::size_t col = 0; col < static_cast<std::size_t>(linear.cols); ++col) acc += weights[col] * x_q[col];
    return static_cast<std::int64_t>(acc) * linear.multiplier_of(row);
}

void gru_step(const GruLayer& gru, ReferenceState::Gru& state, std::span<const std::int8_t> x_q) {
    const int hidden = gru.hidden_size;
    for (int i = 0; i < hidden; ++i) {
        const std::int64_t r_sum = product(gru.ir, i, x_q) + product(gru.hr, i, state.copy) + gru.bias_r.at(i);
        const std::int64_t z_sum = product(gru.iz, i, x_q) + product(gru.hz, i, state.copy) + gru.bias_z.at(i);
        const std::int32_t r =
            gru.table_r.at(clamp_signed(round_shift(r_sum, gru.shift_r), gru.width(Operator::add_r)));
        const std::int32_t z =
            gru.table_z.at(clamp_signed(round_shift(z_sum, gru.shift_z), gru.width(Operator::add_z)));

        const std::int64_t hn_sum = product(gru.hn, i, state.copy) + gru.bias_hn.at(i);
        const std::int32_t hn = clamp_signed(round_shift(hn_sum, gru.shift_hn), 16);
        const std::int32_t p = clamp_signed(gru.reset(std::int64_t{r} * hn), gru.width(Operator::product_reset));
        const std::int64_t n_sum = product(gru.in, i, x_q) + std::int64_t{p} * gru.m_p + gru.bias_n.at(i);
        const std::int32_t n =
            gru.table_n.at(clamp_signed(round_shift(n_sum, gru.shift_n), gru.width(Operator::add_n)));

        const std::int32_t o = clamp_unsigned(gru.one_minus(unsigned_max(gru.width(Operator::sigmoid_z)) - z),
                                              gru.width(Operator::one_minus_z));
        const std::int32_t a = clamp_signed(gru.candidate(std::int64_t{o} * n), gru.width(Operator::product_candidate));
        const std::int64_t h = state.h[static_cast<std::size_t>(i)];
        const std::int32_t b = clamp_signed(gru.keep(z * h), gru.width(Operator::product_state));
        const std::int64_t h_sum = std::int64_t{a} * gru.m_a + std::int64_t{b} * gru.m_b;
        state.next[static_cast<std::size_t>(i)] =
            static_cast<std::int16_t>(clamp_signed(round_shift(h_sum, gru.shift_state), gru.state_bits()));
    }
    state.h.swap(state.next);
    for (std::size_t i = 0; i < state.h.size(); ++i)
        state.copy[i] = static_cast<std::int8_t>(clamp_signed(gru.copy(state.h[i]), gru.width(Operator::state)));
}

std::int16_t dense_output(const DenseLayer& dense, int row, std::span<const std::int8_t> x_q) {
    const std::int64_t sum = product(dense.linear, row, x_q) + dense.bias.at(row);
    const std::int32_t pre = clamp_signed(round_shift(sum, dense.shift), dense.widths.pre_activation);
    return dense.activation == Activation::none ? static_cast<std::int16_t>(pre) : dense.table.at(pre);
}

}  // namespace

ReferenceState::ReferenceState(const Model& model) {
    std::size_t widest = static_cast<std::size_t>(model.input_size());
    for (const Layer& layer : model.layers) {
        const auto size = static_cast<std::size_t>(output_size(layer));
        widest = std::max(widest, size);
        if (std::holds_alternative<GruLayer>(layer))
            gru.push_back({std::vector<std::int16_t>(size, 0), std::vector<std::int16_t>(size, 0),
                           std::vector<std::int8_t>(size, 0)});
    }
    activations.reserve(widest);
    outputs.reserve(widest);
}

void ReferenceState::reset() {
    for (Gru& layer : gru) {
        std::fill(layer.h.begin(), layer.h.end(), std::int16_t{0});
        std::fill(layer.copy.begin(), layer.copy.end(), std::int8_t{0});
    }
}

void reference_step(const Model& model, ReferenceState& state, std::span<const std::int8_t> x_q,
                    std::span<std::int16_t> y_q) {
    std::vector<std::int8_t>& activations = state.activations;
    activations.assign(x_q.begin(), x_q.end());
    std::size_t gru_index = 0;
    for (const Layer& layer : model.layers) {
        const bool last = &layer == &model.layers.back();
        if (const auto* gru = std::get_if<GruLayer>(&layer)) {
            ReferenceState::Gru& memory = state.gru[gru_index++];
            gru_step(*gru, memory, activations);
            activations.assign(memory.copy.begin(), memory.copy.end());
            if (last) std::copy(activations.begin(), activations.end(), y_q.begin());
            continue;
        }
        const auto& dense = std::get<DenseLayer>(layer);
        std::vector<std::int8_t>& outputs = state.outputs;
        outputs.resize(static_cast<std::size_t>(dense.linear.rows));
        for (int row = 0; row < dense.linear.rows; ++row) {
            const std::int16_t y = dense_output(dense, row, activations);
            if (last)
                y_q[static_cast<std::size_t>(row)] = y;
            else
                outputs[static_cast<std::size_t>(row)] = static_cast<std::int8_t>(y);
        }
        activations.swap(outputs);
    }
}

}  // namespace gruve
