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

std::int16_t dense_output(const DenseLayer& dense, int row, std::span<const std::int8_t> x_q, int band = 0) {
    std::int64_t sum = product(dense.linear, row, x_q) + dense.bias.at(row);
    if (!dense.by_band.values.empty()) sum += dense.by_band.at(band * dense.linear.rows + row);
    const std::int32_t pre = clamp_signed(round_shift(sum, dense.shift), dense.widths.pre_activation);
    return dense.activation == Activation::none ? static_cast<std::int16_t>(pre) : dense.table.at(pre);
}

void reset(ReferenceState::Gru& gru) {
    std::fill(gru.h.begin(), gru.h.end(), std::int16_t{0});
    std::fill(gru.copy.begin(), gru.copy.end(), std::int8_t{0});
}

// What a layer of a network of bands reads and writes: `inputs` and `outputs` channels of each band side by side.
struct Frame {
    int bands, inputs, outputs;
    const std::vector<std::int8_t>& x;
    std::vector<std::int8_t>& y;

    std::span<const std::int8_t> x_of(int band) const {
        return std::span(x).subspan(static_cast<std::size_t>(band * inputs), static_cast<std::size_t>(inputs));
    }
    void write(int band, int first, const std::vector<std::int8_t>& values) const {
        std::copy(values.begin(), values.end(), y.begin() + band * outputs + first);
    }
};

// memories: one for each band.
void step_over_time(const GruLayer& gru, std::span<ReferenceState::Gru> memories, const Frame& frame) {
    for (int band = 0; band < frame.bands; ++band) {
        ReferenceState::Gru& memory = memories[static_cast<std::size_t>(band)];
        gru_step(gru, memory, frame.x_of(band));
        frame.write(band, 0, memory.copy);
    }
}

void step_over_bands(const BandGruLayer& gru, ReferenceState::Gru& memory, const Frame& frame) {
    reset(memory);
    for (int band = 0; band < frame.bands; ++band) {
        gru_step(gru.forward, memory, frame.x_of(band));
        frame.write(band, 0, memory.copy);
    }
    reset(memory);
    for (int band = frame.bands - 1; band >= 0; --band) {
        gru_step(gru.backward, memory, frame.x_of(band));
        frame.write(band, gru.forward.hidden_size, memory.copy);
    }
}

void step_on_path(const DenseLayer& dense, std::vector<std::int16_t>& path, const Frame& frame) {
    for (int band = 0; band < frame.bands; ++band)
        for (int row = 0; row < frame.outputs; ++row) {
            const auto at = static_cast<std::size_t>(band * frame.outputs + row);
            const std::int16_t y = dense_output(dense, row, frame.x_of(band), band);
            path[at] = static_cast<std::int16_t>(dense.adds ? clamp_signed(std::int64_t{path[at]} + y, 16)
                                                            : y * (1 << dense.lift));
            frame.y[at] =
                static_cast<std::int8_t>(dense.adds ? clamp_signed(dense.copy(path[at]), dense.copy_width) : y);
        }
}

void step_of_bands(const Model& model, ReferenceState& state, std::span<const std::int8_t> x_q,
                   std::span<std::int16_t> y_q) {
    const int bands = model.bands;
    std::vector<std::int8_t>& activations = state.activations;
    activations.resize(x_q.size());
    for (int band = 0, inputs = input_size(model.layers.front()); band < bands; ++band)
        for (int i = 0; i < inputs; ++i)
            activations[static_cast<std::size_t>(band * inputs + i)] = x_q[static_cast<std::size_t>(i * bands + band)];
    std::size_t gru_index = 0;
    for (const Layer& layer : model.layers) {
        const Frame frame{bands, input_size(layer), output_size(layer), activations, state.outputs};
        const auto* dense = std::get_if<DenseLayer>(&layer);
        if (&layer == &model.layers.back()) {
            for (int band = 0; band < bands; ++band)
                for (int row = 0; row < frame.outputs; ++row)
                    y_q[static_cast<std::size_t>(row * bands + band)] =
                        dense_output(*dense, row, frame.x_of(band), band);
            return;
        }
        state.outputs.resize(static_cast<std::size_t>(bands * frame.outputs));
        if (dense != nullptr) {
            step_on_path(*dense, state.path, frame);
        } else if (const auto* gru = std::get_if<GruLayer>(&layer)) {
            step_over_time(*gru, std::span(state.gru).subspan(gru_index, static_cast<std::size_t>(bands)), frame);
            gru_index += static_cast<std::size_t>(bands);
        } else {
            step_over_bands(std::get<BandGruLayer>(layer), state.gru[gru_index++], frame);
        }
        activations.swap(state.outputs);
    }
}

}  // namespace

ReferenceState::ReferenceState(const Model& model) {
    std::size_t widest = static_cast<std::size_t>(model.input_size());
    const auto bands = static_cast<std::size_t>(model.bands);
    const auto add_gru = [&](std::size_t size, std::size_t count) {
        const Gru made{std::vector<std::int16_t>(size, 0), std::vector<std::int16_t>(size, 0),
                       std::vector<std::int8_t>(size, 0)};
        gru.insert(gru.end(), count, made);
    };
    for (const Layer& layer : model.layers) {
        const auto size = static_cast<std::size_t>(output_size(layer));
        widest = std::max(widest, bands * size);
        if (std::holds_alternative<GruLayer>(layer)) add_gru(size, bands);
        if (std::holds_alternative<BandGruLayer>(layer)) add_gru(size / 2, 1);
    }
    activations.reserve(widest);
    outputs.reserve(widest);
    if (bands > 1) path.resize(widest);
}

void ReferenceState::reset() {
    for (Gru& layer : gru) gruve::reset(layer);
}

void reference_step(const Model& model, ReferenceState& state, std::span<const std::int8_t> x_q,
                    std::span<std::int16_t> y_q) {
    if (model.bands > 1) return step_of_bands(model, state, x_q, y_q);
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
