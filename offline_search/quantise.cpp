#include "offline_search/quantise.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <tuple>

#include "engine/tables.h"
#include "offline_search/activation_range.h"
#include "offline_search/fixed_gate.h"
#include "offline_search/memo.h"
#include "offline_search/statistics.h"
#include "offline_search/weight_quantiser.h"

namespace gruve {
namespace {

/// Headroom of the 16-bit W_hn h + b_hn over what calibration saw: quantised signals may go further.
constexpr double hn_headroom = 1.5;

/// What a signal of small integers means: value = (q − zero_point) · scale.
struct Signal {
    double scale = 1;
    int zero_point = 0;
};

double full_scale(int bits) { return 1.0 / signed_max(bits); }

Eigen::MatrixXd gate_rows(const Matrix& stacked, int gate) {
    const Eigen::Index hidden = stacked.rows() / 3;
    return stacked.middleRows(gate * hidden, hidden).cast<double>();
}

std::vector<double> gate_bias(const Vector& stacked, int gate) {
    const Eigen::Index hidden = stacked.size() / 3;
    std::vector<double> values(static_cast<std::size_t>(hidden));
    for (Eigen::Index i = 0; i < hidden; ++i) values[static_cast<std::size_t>(i)] = static_cast<double>(stacked(gate * hidden + i));
    return values;
}

std::vector<double> sum(std::vector<double> a, const std::vector<double>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
    return a;
}

/// A table's input scale is a whole number of 2^-24: the accumulator must aim at exactly what the table assumes.
std::uint64_t to_q24(double scale) { return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(std::ldexp(scale, 24)))); }
double from_q24(std::uint64_t scale) { return std::ldexp(static_cast<double>(scale), -24); }

}  // namespace

struct Quantiser::Impl {
    FloatNetwork network;
    Scheme scheme;
    Statistics statistics;
    struct Feedback { ErrorFeedback input, state; };
    std::vector<Feedback> feedback;  // per layer; a dense layer's `state` repeats its input

    using MatrixKey = std::tuple<std::size_t, int, int, bool>;  // layer, linear, width, row scales
    using RangeKey = std::tuple<std::size_t, int, int>;         // layer, operator, width
    mutable Memo<MatrixKey, QuantisedMatrix> matrices;
    mutable Memo<RangeKey, double> ranges;
    mutable Memo<int, InputQuantiser> inputs;

    Impl(FloatNetwork float_network, const std::vector<Matrix>& calibration, Scheme how)
        : network(std::move(float_network)), scheme(how), statistics(calibrate(network, calibration)) {
        for (const auto& layer : statistics.layers) {
            if (const auto* gru = std::get_if<GruStatistics>(&layer)) feedback.push_back({ErrorFeedback(gru->input), ErrorFeedback(gru->state)});
            else feedback.push_back({ErrorFeedback(std::get<DenseStatistics>(layer).input), ErrorFeedback(std::get<DenseStatistics>(layer).input)});
        }
    }

    /// Linear `op` of GRU layer k: ir, iz, in, hr, hz, hn.
    const QuantisedMatrix& matrix(std::size_t k, Operator op, int width, bool rows) const {
        const int index = static_cast<int>(op);
        return matrices.get({k, index, width, rows}, [&] {
            const auto& gru = std::get<FloatGru>(network.layers[k]);
            const bool recurrent = op >= Operator::linear_hr;
            const Eigen::MatrixXd weights = gate_rows(recurrent ? gru.weight_hh : gru.weight_ih, index % 3);
            return quantise_matrix(weights, recurrent ? feedback[k].state : feedback[k].input, width, rows, scheme.gptq);
        });
    }

    double range(std::size_t k, Operator op, int width, const Samples& samples, Activation activation) const {
        return ranges.get({k, static_cast<int>(op), width}, [&] { return search_scale(samples, width, activation); });
    }

    GruLayer gru_layer(std::size_t k, const Genome& genome, Signal x, Signal& output) const;
    DenseLayer dense_layer(std::size_t k, const Genome& genome, Signal x, Signal& output) const;
};

GruLayer Quantiser::Impl::gru_layer(std::size_t k, const Genome& genome, Signal x, Signal& output) const {
    const auto& source = std::get<FloatGru>(network.layers[k]);
    const auto& signals = std::get<GruStatistics>(statistics.layers[k]);
    const bool rows = genome.row_multipliers;
    GruLayer layer;
    layer.input_size = source.input_size();
    layer.hidden_size = source.hidden_size();
    layer.narrow_state = scheme.narrow_state;
    layer.widths = genome.layers[k].gru;
    const auto width = [&](Operator op) { return layer.width(op); };
    const auto weights = [&](Operator op) -> const QuantisedMatrix& { return matrix(k, op, width(op), rows); };

    const double state_scale = full_scale(layer.state_bits());
    const double copy_scale = layer.narrow_state ? state_scale : range(k, Operator::state, width(Operator::state), signals.state_values, Activation::none);
    layer.copy = requantiser_for(state_scale / copy_scale);

    // r and z: both products and all four biases end in one accumulator.
    const auto sum_gate = [&](int gate, Operator ix, Operator hx, Operator add, Operator table_op, const Samples& samples, Linear& from_input,
                              Linear& from_state, Bias& bias, std::int8_t& shift, Table& table) {
        const QuantisedMatrix &wi = weights(ix), &wh = weights(hx);
        const std::uint64_t q24 = to_q24(range(k, add, width(add), samples, Activation::sigmoid));
        const FixedGate fixed(from_q24(q24), std::max(largest_factor(wi, x.scale), largest_factor(wh, copy_scale)));
        from_input = fixed.linear(wi, x.scale, rows);
        from_state = fixed.linear(wh, copy_scale, rows);
        const auto biases = sum(sum(gate_bias(source.bias_ih, gate), gate_bias(source.bias_hh, gate)), sum(wi.mean_error, wh.mean_error));
        bias = fixed.bias(biases, genome.bias_width, &from_input, x.zero_point);
        shift = fixed.shift();
        table = make_table(Activation::sigmoid, width(add), width(table_op), q24);
    };
    sum_gate(0, Operator::linear_ir, Operator::linear_hr, Operator::add_r, Operator::sigmoid_r, signals.pre_r, layer.ir, layer.hr, layer.bias_r,
             layer.shift_r, layer.table_r);
    sum_gate(1, Operator::linear_iz, Operator::linear_hz, Operator::add_z, Operator::sigmoid_z, signals.pre_z, layer.iz, layer.hz, layer.bias_z,
             layer.shift_z, layer.table_z);

    // n: the recurrent product goes through r ⊙ before it is added.
    const QuantisedMatrix &win = weights(Operator::linear_in), &whn = weights(Operator::linear_hn);
    const double hn_scale = covering_scale(signals.hn, hn_headroom);
    const FixedGate fixed_hn(hn_scale, largest_factor(whn, copy_scale));
    layer.hn = fixed_hn.linear(whn, copy_scale, rows);
    layer.bias_hn = fixed_hn.bias(sum(gate_bias(source.bias_hh, 2), whn.mean_error), genome.bias_width);
    layer.shift_hn = fixed_hn.shift();

    const double product_scale = range(k, Operator::product_reset, width(Operator::product_reset), signals.product_reset, Activation::none);
    layer.reset = requantiser_for(hn_scale / (unsigned_max(width(Operator::sigmoid_r)) * product_scale));

    const std::uint64_t q24 = to_q24(range(k, Operator::add_n, width(Operator::add_n), signals.pre_n, Activation::tanh));
    const FixedGate fixed_n(from_q24(q24), std::max(largest_factor(win, x.scale), product_scale));
    layer.in = fixed_n.linear(win, x.scale, rows);
    layer.m_p = fixed_n.multiplier(product_scale);
    layer.bias_n = fixed_n.bias(sum(gate_bias(source.bias_ih, 2), win.mean_error), genome.bias_width, &layer.in, x.zero_point);
    layer.shift_n = fixed_n.shift();
    layer.table_n = make_table(Activation::tanh, width(Operator::add_n), width(Operator::tanh_n), q24);

    // h' = (1−z) ⊙ n + z ⊙ h: every factor lies within ±1, so full scale is known.
    const double o_levels = unsigned_max(width(Operator::one_minus_z)), z_levels = unsigned_max(width(Operator::sigmoid_z));
    const double candidate_scale = full_scale(width(Operator::product_candidate)), keep_scale = full_scale(width(Operator::product_state));
    layer.one_minus = requantiser_for(o_levels / z_levels);
    layer.candidate = requantiser_for(full_scale(width(Operator::tanh_n)) / (o_levels * candidate_scale));
    layer.keep = requantiser_for(state_scale / (z_levels * keep_scale));
    const FixedGate fixed_state(state_scale, std::max(candidate_scale, keep_scale));
    layer.m_a = fixed_state.multiplier(candidate_scale);
    layer.m_b = fixed_state.multiplier(keep_scale);
    layer.shift_state = fixed_state.shift();

    output = {copy_scale, 0};
    return layer;
}

DenseLayer Quantiser::Impl::dense_layer(std::size_t k, const Genome& genome, Signal x, Signal& output) const {
    const auto& source = std::get<FloatDense>(network.layers[k]);
    const auto& samples = std::get<DenseStatistics>(statistics.layers[k]).pre_activation;
    DenseLayer layer;
    layer.activation = source.activation;
    layer.widths = genome.layers[k].dense;
    const QuantisedMatrix& weights = matrices.get({k, 0, layer.widths.weights, genome.row_multipliers}, [&] {
        return quantise_matrix(source.weight.cast<double>(), feedback[k].input, layer.widths.weights, genome.row_multipliers, scheme.gptq);
    });
    const int bits = layer.widths.pre_activation;
    const double wanted = ranges.get({k, 0, bits}, [&] {
        return bits == wide_width ? covering_scale(samples, hn_headroom) : search_scale(samples, bits, source.activation);
    });
    const std::uint64_t q24 = to_q24(wanted);
    const double scale = source.activation == Activation::none ? wanted : from_q24(q24);
    const FixedGate fixed(scale, largest_factor(weights, x.scale));
    layer.linear = fixed.linear(weights, x.scale, genome.row_multipliers);
    std::vector<double> biases(weights.mean_error);
    for (std::size_t row = 0; row < biases.size(); ++row) biases[row] += static_cast<double>(source.bias(static_cast<Eigen::Index>(row)));
    layer.bias = fixed.bias(biases, genome.bias_width, &layer.linear, x.zero_point);
    layer.shift = fixed.shift();
    output = {scale, 0};
    if (source.activation == Activation::none) {
        layer.widths.output = 8;  // not used: one spelling for equal models
        return layer;
    }
    layer.table = make_table(source.activation, bits, layer.widths.output, q24);
    output.scale = source.activation == Activation::tanh ? full_scale(layer.widths.output) : 1.0 / unsigned_max(layer.widths.output);
    return layer;
}

Genome homogeneous(const FloatNetwork& network, int width) {
    const auto bits = static_cast<std::uint8_t>(width);
    Genome genome;
    genome.input = bits;
    for (const FloatLayer& layer : network.layers) {
        Genome::Layer widths;
        widths.gru.fill(bits);
        widths.dense = {bits, bits, bits};
        if (const auto* dense = std::get_if<FloatDense>(&layer); dense && dense->activation == Activation::none && &layer == &network.layers.back())
            widths.dense = {bits, wide_width, 8};
        genome.layers.push_back(widths);
    }
    return genome;
}

Quantiser::Quantiser(FloatNetwork network, const std::vector<Matrix>& calibration, Scheme scheme)
    : impl_(std::make_unique<Impl>(std::move(network), calibration, scheme)) {}
Quantiser::~Quantiser() = default;
const FloatNetwork& Quantiser::network() const { return impl_->network; }

Model Quantiser::assemble(const Genome& genome) const {
    if (genome.layers.size() != impl_->network.layers.size())
        throw std::invalid_argument("genome: " + std::to_string(genome.layers.size()) + " layers, the network has " +
                                    std::to_string(impl_->network.layers.size()));
    Model model;
    model.input = impl_->inputs.get(genome.input, [&] { return search_input(impl_->statistics.input, genome.input); });
    Signal signal{static_cast<double>(model.input.scale), model.input.zero_point};
    for (std::size_t k = 0; k < genome.layers.size(); ++k) {
        Signal output;
        if (std::holds_alternative<FloatGru>(impl_->network.layers[k])) model.layers.emplace_back(impl_->gru_layer(k, genome, signal, output));
        else model.layers.emplace_back(impl_->dense_layer(k, genome, signal, output));
        signal = output;
    }
    model.output_scale = static_cast<float>(signal.scale);
    if (const std::string error = check(model); !error.empty()) throw std::invalid_argument(error);
    return model;
}

}  // namespace gruve
