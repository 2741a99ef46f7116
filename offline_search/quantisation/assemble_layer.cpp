#include "offline_search/quantisation/assemble_layer.h"

#include <algorithm>

#include "engine/model/fixed_point.h"
#include "engine/model/tables.h"
#include "offline_search/quantisation/fixed_gate.h"

namespace gruve {
namespace {

std::vector<double> gate_bias(const Vector& stacked, int gate) {
    const Eigen::Index hidden = stacked.size() / 3;
    std::vector<double> values(static_cast<std::size_t>(hidden));
    for (Eigen::Index i = 0; i < hidden; ++i)
        values[static_cast<std::size_t>(i)] = static_cast<double>(stacked(gate * hidden + i));
    return values;
}

std::vector<double> sum(std::vector<double> a, const std::vector<double>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
    return a;
}

/// One GRU layer, filled in gate by gate.
class GruAssembly {
public:
    GruAssembly(const FloatGru& source, const std::vector<QuantisedMatrix>& matrices, const ActivationScales& scales,
                const LayerFormat& format, Signal input)
        : source_(source), matrices_(matrices), scales_(scales), format_(format), input_(input) {
        layer_.input_size = source.input_size();
        layer_.hidden_size = source.hidden_size();
        layer_.narrow_state = format.narrow_state;
        layer_.widths = format.widths.gru;
    }

    AssembledLayer assemble() {
        layer_.copy = requantiser_for(state_scale() / scales_.copy);
        sum_gate({0, Operator::linear_ir, Operator::linear_hr, Operator::add_r, Operator::sigmoid_r, scales_.pre_r},
                 {layer_.ir, layer_.hr, layer_.bias_r, layer_.shift_r, layer_.table_r});
        sum_gate({1, Operator::linear_iz, Operator::linear_hz, Operator::add_z, Operator::sigmoid_z, scales_.pre_z},
                 {layer_.iz, layer_.hz, layer_.bias_z, layer_.shift_z, layer_.table_z});
        candidate_gate();
        state_update();
        return {std::move(layer_), {scales_.copy, 0}};
    }

private:
    /// The operators of gate r or z, and the parts of the layer that they fill.
    struct GateOperators {
        int gate;
        Operator from_input, from_state, add, table;
        double pre_scale;
    };
    struct GateParts {
        Linear &from_input, &from_state;
        Bias& bias;
        std::int8_t& shift;
        Table& table;
    };

    int width(Operator op) const { return layer_.width(op); }
    const QuantisedMatrix& weights(Operator op) const { return matrices_[static_cast<std::size_t>(op)]; }
    double state_scale() const { return unit_scale(layer_.state_bits()); }

    // r and z: one accumulator adds both products and all four biases.
    void sum_gate(const GateOperators& of, const GateParts& to) {
        const QuantisedMatrix &wi = weights(of.from_input), &wh = weights(of.from_state);
        const FixedGate fixed(of.pre_scale,
                              std::max(largest_factor(wi, input_.scale), largest_factor(wh, scales_.copy)));
        to.from_input = fixed.linear(wi, input_.scale, format_.row_multipliers);
        to.from_state = fixed.linear(wh, scales_.copy, format_.row_multipliers);
        const auto biases = sum(sum(gate_bias(source_.bias_ih, of.gate), gate_bias(source_.bias_hh, of.gate)),
                                sum(wi.mean_error, wh.mean_error));
        to.bias = fixed.bias(biases, format_.bias_width, &to.from_input, input_.zero_point);
        to.shift = fixed.shift();
        to.table = make_table(Activation::sigmoid, width(of.add), width(of.table), to_q24(of.pre_scale));
    }

    // n: the recurrent product is multiplied by r before it is added.
    void candidate_gate() {
        const QuantisedMatrix &win = weights(Operator::linear_in), &whn = weights(Operator::linear_hn);
        const FixedGate fixed_hn(scales_.hn, largest_factor(whn, scales_.copy));
        layer_.hn = fixed_hn.linear(whn, scales_.copy, format_.row_multipliers);
        layer_.bias_hn = fixed_hn.bias(sum(gate_bias(source_.bias_hh, 2), whn.mean_error), format_.bias_width);
        layer_.shift_hn = fixed_hn.shift();

        layer_.reset = requantiser_for(scales_.hn / (unsigned_max(width(Operator::sigmoid_r)) * scales_.product_reset));

        const FixedGate fixed_n(scales_.pre_n, std::max(largest_factor(win, input_.scale), scales_.product_reset));
        layer_.in = fixed_n.linear(win, input_.scale, format_.row_multipliers);
        layer_.m_p = fixed_n.multiplier(scales_.product_reset);
        layer_.bias_n = fixed_n.bias(sum(gate_bias(source_.bias_ih, 2), win.mean_error), format_.bias_width, &layer_.in,
                                     input_.zero_point);
        layer_.shift_n = fixed_n.shift();
        layer_.table_n =
            make_table(Activation::tanh, width(Operator::add_n), width(Operator::tanh_n), to_q24(scales_.pre_n));
    }

    // h' = (1−z) ⊙ n + z ⊙ h: every factor lies within ±1, so the full scales are known without calibration.
    void state_update() {
        const double o_levels = unsigned_max(width(Operator::one_minus_z)),
                     z_levels = unsigned_max(width(Operator::sigmoid_z));
        const double candidate_scale = unit_scale(width(Operator::product_candidate)),
                     keep_scale = unit_scale(width(Operator::product_state));
        layer_.one_minus = requantiser_for(o_levels / z_levels);
        layer_.candidate = requantiser_for(unit_scale(width(Operator::tanh_n)) / (o_levels * candidate_scale));
        layer_.keep = requantiser_for(state_scale() / (z_levels * keep_scale));
        const FixedGate fixed_state(state_scale(), std::max(candidate_scale, keep_scale));
        layer_.m_a = fixed_state.multiplier(candidate_scale);
        layer_.m_b = fixed_state.multiplier(keep_scale);
        layer_.shift_state = fixed_state.shift();
    }

    const FloatGru& source_;
    const std::vector<QuantisedMatrix>& matrices_;
    const ActivationScales& scales_;
    const LayerFormat& format_;
    const Signal input_;
    GruLayer layer_;
};

}  // namespace

AssembledLayer assemble_gru(const FloatGru& source, const std::vector<QuantisedMatrix>& matrices,
                            const ActivationScales& scales, const LayerFormat& format, Signal input) {
    return GruAssembly(source, matrices, scales, format, input).assemble();
}

double output_scale(const FloatDense& source, const ActivationScales& scales, const DenseWidths& widths) {
    if (source.activation == Activation::none) return scales.pre_activation;
    return source.activation == Activation::tanh ? unit_scale(widths.output) : 1.0 / unsigned_max(widths.output);
}

AssembledLayer assemble_dense(const FloatDense& source, const QuantisedMatrix& weights, const ActivationScales& scales,
                              const LayerFormat& format, Signal input, const PathFormat* path) {
    DenseLayer layer;
    layer.activation = source.activation;
    layer.widths = format.widths.dense;
    layer.adds = source.adds;
    const double scale = source.adds ? path->scale : scales.pre_activation;
    const FixedGate fixed(scale, largest_factor(weights, input.scale));
    layer.linear = fixed.linear(weights, input.scale, format.row_multipliers);
    std::vector<double> biases(weights.mean_error);
    for (std::size_t row = 0; row < biases.size(); ++row)
        biases[row] += static_cast<double>(source.bias(static_cast<Eigen::Index>(row)));
    layer.bias = fixed.bias(biases, format.bias_width, &layer.linear, input.zero_point);
    if (source.by_band.size() > 0)
        layer.by_band =
            fixed.bias({source.by_band.data(), source.by_band.data() + source.by_band.size()}, format.bias_width);
    layer.shift = fixed.shift();
    if (source.adds) {
        layer.widths = {format.widths.dense.weights, wide_width, 8};
        layer.copy = requantiser_for(path->scale / path->copy_scale);
        layer.copy_width = format.widths.sum;
        return {std::move(layer), {path->copy_scale, 0}};
    }
    if (path != nullptr) layer.lift = path->lift;
    const double of_outputs = output_scale(source, scales, layer.widths);
    if (source.activation == Activation::none)
        layer.widths.output = 8;  // not used; a fixed value makes equal models compare equal
    else
        layer.table = make_table(source.activation, layer.widths.pre_activation, layer.widths.output, to_q24(scale));
    return {std::move(layer), {of_outputs, 0}};
}

}  // namespace gruve
