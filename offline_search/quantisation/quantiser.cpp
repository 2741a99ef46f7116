#include "offline_search/quantisation/quantiser.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <tuple>

#include "engine/model/check_model.h"
#include "engine/model/tables.h"
#include "offline_search/quantisation/activation_range.h"
#include "offline_search/quantisation/fixed_gate.h"
#include "offline_search/quantisation/memo.h"
#include "offline_search/quantisation/plain_quantiser.h"
#include "offline_search/quantisation/statistics.h"
#include "offline_search/quantisation/weight_quantiser.h"

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
    for (Eigen::Index i = 0; i < hidden; ++i)
        values[static_cast<std::size_t>(i)] = static_cast<double>(stacked(gate * hidden + i));
    return values;
}

std::vector<double> sum(std::vector<double> a, const std::vector<double>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
    return a;
}

/// A table's input scale is a whole number of 2^-24: the accumulator must aim at exactly what the table assumes.
std::uint64_t to_q24(double scale) {
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(std::ldexp(scale, 24))));
}
double from_q24(std::uint64_t scale) { return std::ldexp(static_cast<double>(scale), -24); }

}  // namespace

struct Quantiser::Impl {
    FloatNetwork network;
    Scheme scheme;
    Statistics statistics;
    struct Feedback {
        ErrorFeedback input, state;
    };
    std::vector<Feedback> feedback;  // per layer; a dense layer's `state` repeats its input

    using MatrixKey = std::tuple<std::size_t, int, int, bool>;  // layer, linear, width, row scales
    using RangeKey = std::tuple<std::size_t, int, int>;         // layer, operator, width
    mutable Memo<MatrixKey, QuantisedMatrix> matrices;
    mutable Memo<RangeKey, double> ranges;
    mutable Memo<int, InputQuantiser> inputs;

    Impl(FloatNetwork float_network, const std::vector<Matrix>& calibration, Scheme how)
        : network(std::move(float_network)), scheme(how), statistics(calibrate(network, calibration)) {
        for (const auto& layer : statistics.layers) {
            if (const auto* gru = std::get_if<GruStatistics>(&layer))
                feedback.push_back({ErrorFeedback(gru->input), ErrorFeedback(gru->state)});
            else
                feedback.push_back({ErrorFeedback(std::get<DenseStatistics>(layer).input),
                                    ErrorFeedback(std::get<DenseStatistics>(layer).input)});
        }
    }

    QuantisedMatrix quantised(const Eigen::MatrixXd& weights, const ErrorFeedback& input, int width, bool rows) const {
        return scheme.gptq ? quantise_matrix(weights, input, width, rows, true)
                           : quantise_plainly(weights, width, rows);
    }

    /// Linear `op` of GRU layer k: ir, iz, in, hr, hz, hn.
    const QuantisedMatrix& matrix(std::size_t k, Operator op, int width, bool rows) const {
        const int index = static_cast<int>(op);
        return matrices.get({k, index, width, rows}, [&] {
            const auto& gru = std::get<FloatGru>(network.layers[k]);
            const bool recurrent = op >= Operator::linear_hr;
            const Eigen::MatrixXd weights = gate_rows(recurrent ? gru.weight_hh : gru.weight_ih, index % 3);
            return quantised(weights, recurrent ? feedback[k].state : feedback[k].input, width, rows);
        });
    }

    /// Everything of layer k that a matrix multiplication needs: ir, iz, in, hr, hz, hn, or the dense layer's one.
    std::vector<QuantisedMatrix> layer_matrices(std::size_t k, const Genome& genome) const {
        if (std::holds_alternative<FloatDense>(network.layers[k])) {
            const int width = genome.layers[k].dense.weights;
            return {matrices.get({k, 0, width, genome.row_multipliers}, [&] {
                return quantised(std::get<FloatDense>(network.layers[k]).weight.cast<double>(), feedback[k].input,
                                 width, genome.row_multipliers);
            })};
        }
        std::vector<QuantisedMatrix> result;
        for (std::size_t i = 0; i < linear_count; ++i)
            result.push_back(matrix(k, static_cast<Operator>(i), genome.layers[k].gru[i], genome.row_multipliers));
        return result;
    }

    double range(std::size_t k, Operator op, int width, const Samples& samples, Activation activation) const {
        return ranges.get({k, static_cast<int>(op), width}, [&] {
            const double scale = scheme.gptq ? search_scale(samples, width, activation) : plain_scale(samples, width);
            return activation == Activation::none ? scale : from_q24(to_q24(scale));
        });
    }

    InputQuantiser input(const Genome& genome) const {
        return inputs.get(genome.input, [&] {
            return scheme.gptq ? search_input(statistics.input, genome.input)
                               : plain_input(statistics.input, genome.input);
        });
    }
    ActivationScales scales(std::size_t k, const Genome& genome) const;
    GruLayer gru_layer(std::size_t k, const Genome& genome, const std::vector<QuantisedMatrix>& weights,
                       const FloatGru& source, Signal x, Signal& output) const;
    DenseLayer dense_layer(std::size_t k, const Genome& genome, const QuantisedMatrix& weights,
                           const FloatDense& source, Signal x, Signal& output) const;
    Model assemble(const Genome& genome, const TunedWeights* tuned) const;
};

ActivationScales Quantiser::Impl::scales(std::size_t k, const Genome& genome) const {
    ActivationScales result;
    if (const auto* dense = std::get_if<FloatDense>(&network.layers[k])) {
        const Samples& samples = std::get<DenseStatistics>(statistics.layers[k]).pre_activation;
        const int bits = genome.layers[k].dense.pre_activation;
        result.pre_activation = bits == wide_width
                                    ? ranges.get({k, 0, bits}, [&] { return covering_scale(samples, hn_headroom); })
                                    : range(k, Operator{}, bits, samples, dense->activation);
        return result;
    }
    const auto& signals = std::get<GruStatistics>(statistics.layers[k]);
    const auto of = [&](Operator op, const Samples& samples, Activation activation) {
        return range(k, op, genome.layers[k].gru[static_cast<std::size_t>(op)], samples, activation);
    };
    result.pre_r = of(Operator::add_r, signals.pre_r, Activation::sigmoid);
    result.pre_z = of(Operator::add_z, signals.pre_z, Activation::sigmoid);
    result.pre_n = of(Operator::add_n, signals.pre_n, Activation::tanh);
    result.product_reset = of(Operator::product_reset, signals.product_reset, Activation::none);
    result.hn = ranges.get({k, static_cast<int>(Operator::linear_hn), wide_width},
                           [&] { return covering_scale(signals.hn, hn_headroom); });
    result.copy = scheme.narrow_state ? full_scale(genome.layers[k].gru[static_cast<std::size_t>(Operator::state)])
                                      : of(Operator::state, signals.state_values, Activation::none);
    return result;
}

GruLayer Quantiser::Impl::gru_layer(std::size_t k, const Genome& genome,
                                    const std::vector<QuantisedMatrix>& matrices_of, const FloatGru& source, Signal x,
                                    Signal& output) const {
    const ActivationScales scale = scales(k, genome);
    const bool rows = genome.row_multipliers;
    GruLayer layer;
    layer.input_size = source.input_size();
    layer.hidden_size = source.hidden_size();
    layer.narrow_state = scheme.narrow_state;
    layer.widths = genome.layers[k].gru;
    const auto width = [&](Operator op) { return layer.width(op); };
    const auto weights = [&](Operator op) -> const QuantisedMatrix& {
        return matrices_of[static_cast<std::size_t>(op)];
    };

    const double state_scale = full_scale(layer.state_bits());
    const double copy_scale = scale.copy;
    layer.copy = requantiser_for(state_scale / copy_scale);

    // r and z: both products and all four biases end in one accumulator.
    const auto sum_gate = [&](int gate, Operator ix, Operator hx, Operator add, Operator table_op, double pre_scale,
                              Linear& from_input, Linear& from_state, Bias& bias, std::int8_t& shift, Table& table) {
        const QuantisedMatrix &wi = weights(ix), &wh = weights(hx);
        const FixedGate fixed(pre_scale, std::max(largest_factor(wi, x.scale), largest_factor(wh, copy_scale)));
        from_input = fixed.linear(wi, x.scale, rows);
        from_state = fixed.linear(wh, copy_scale, rows);
        const auto biases = sum(sum(gate_bias(source.bias_ih, gate), gate_bias(source.bias_hh, gate)),
                                sum(wi.mean_error, wh.mean_error));
        bias = fixed.bias(biases, genome.bias_width, &from_input, x.zero_point);
        shift = fixed.shift();
        table = make_table(Activation::sigmoid, width(add), width(table_op), to_q24(pre_scale));
    };
    sum_gate(0, Operator::linear_ir, Operator::linear_hr, Operator::add_r, Operator::sigmoid_r, scale.pre_r, layer.ir,
             layer.hr, layer.bias_r, layer.shift_r, layer.table_r);
    sum_gate(1, Operator::linear_iz, Operator::linear_hz, Operator::add_z, Operator::sigmoid_z, scale.pre_z, layer.iz,
             layer.hz, layer.bias_z, layer.shift_z, layer.table_z);

    // n: the recurrent product goes through r ⊙ before it is added.
    const QuantisedMatrix &win = weights(Operator::linear_in), &whn = weights(Operator::linear_hn);
    const FixedGate fixed_hn(scale.hn, largest_factor(whn, copy_scale));
    layer.hn = fixed_hn.linear(whn, copy_scale, rows);
    layer.bias_hn = fixed_hn.bias(sum(gate_bias(source.bias_hh, 2), whn.mean_error), genome.bias_width);
    layer.shift_hn = fixed_hn.shift();

    layer.reset = requantiser_for(scale.hn / (unsigned_max(width(Operator::sigmoid_r)) * scale.product_reset));

    const FixedGate fixed_n(scale.pre_n, std::max(largest_factor(win, x.scale), scale.product_reset));
    layer.in = fixed_n.linear(win, x.scale, rows);
    layer.m_p = fixed_n.multiplier(scale.product_reset);
    layer.bias_n =
        fixed_n.bias(sum(gate_bias(source.bias_ih, 2), win.mean_error), genome.bias_width, &layer.in, x.zero_point);
    layer.shift_n = fixed_n.shift();
    layer.table_n = make_table(Activation::tanh, width(Operator::add_n), width(Operator::tanh_n), to_q24(scale.pre_n));

    // h' = (1−z) ⊙ n + z ⊙ h: every factor lies within ±1, so full scale is known.
    const double o_levels = unsigned_max(width(Operator::one_minus_z)),
                 z_levels = unsigned_max(width(Operator::sigmoid_z));
    const double candidate_scale = full_scale(width(Operator::product_candidate)),
                 keep_scale = full_scale(width(Operator::product_state));
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

DenseLayer Quantiser::Impl::dense_layer(std::size_t k, const Genome& genome, const QuantisedMatrix& weights,
                                        const FloatDense& source, Signal x, Signal& output) const {
    DenseLayer layer;
    layer.activation = source.activation;
    layer.widths = genome.layers[k].dense;
    const double scale = scales(k, genome).pre_activation;
    const FixedGate fixed(scale, largest_factor(weights, x.scale));
    layer.linear = fixed.linear(weights, x.scale, genome.row_multipliers);
    std::vector<double> biases(weights.mean_error);
    for (std::size_t row = 0; row < biases.size(); ++row)
        biases[row] += static_cast<double>(source.bias(static_cast<Eigen::Index>(row)));
    layer.bias = fixed.bias(biases, genome.bias_width, &layer.linear, x.zero_point);
    layer.shift = fixed.shift();
    output = {scale, 0};
    if (source.activation == Activation::none) {
        layer.widths.output = 8;  // not used: one spelling for equal models
        return layer;
    }
    layer.table = make_table(source.activation, layer.widths.pre_activation, layer.widths.output, to_q24(scale));
    output.scale = source.activation == Activation::tanh ? full_scale(layer.widths.output)
                                                         : 1.0 / unsigned_max(layer.widths.output);
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
        if (const auto* dense = std::get_if<FloatDense>(&layer);
            dense && dense->activation == Activation::none && &layer == &network.layers.back())
            widths.dense = {bits, wide_width, 8};
        genome.layers.push_back(widths);
    }
    return genome;
}

namespace {

std::vector<FloatNetwork> only(FloatNetwork network) {
    std::vector<FloatNetwork> networks;
    networks.push_back(std::move(network));
    return networks;
}

}  // namespace

Quantiser::Quantiser(FloatNetwork network, const std::vector<Matrix>& calibration, Scheme scheme)
    : Quantiser(only(std::move(network)), calibration, scheme) {}
Quantiser::Quantiser(std::vector<FloatNetwork> networks, const std::vector<Matrix>& calibration, Scheme scheme) {
    for (FloatNetwork& network : networks)
        impls_.push_back(std::make_unique<Impl>(std::move(network), calibration, scheme));
}
Quantiser::~Quantiser() = default;
const FloatNetwork& Quantiser::network(std::size_t which) const { return impls_.at(which)->network; }
const Scheme& Quantiser::scheme() const { return impls_.front()->scheme; }
const Quantiser::Impl& Quantiser::of(const Genome& genome) const { return *impls_.at(genome.network); }

Model Quantiser::Impl::assemble(const Genome& genome, const TunedWeights* tuned) const {
    if (genome.layers.size() != network.layers.size())
        throw std::invalid_argument("genome: " + std::to_string(genome.layers.size()) + " layers, the network has " +
                                    std::to_string(network.layers.size()));
    const FloatNetwork& source = tuned != nullptr ? tuned->biases : network;
    Model model;
    model.input = input(genome);
    Signal signal{static_cast<double>(model.input.scale), model.input.zero_point};
    for (std::size_t k = 0; k < genome.layers.size(); ++k) {
        const auto weights = tuned != nullptr ? tuned->matrices[k] : layer_matrices(k, genome);
        Signal output;
        if (const auto* gru = std::get_if<FloatGru>(&source.layers[k]))
            model.layers.emplace_back(gru_layer(k, genome, weights, *gru, signal, output));
        else
            model.layers.emplace_back(
                dense_layer(k, genome, weights[0], std::get<FloatDense>(source.layers[k]), signal, output));
        signal = output;
    }
    model.output_scale = static_cast<float>(signal.scale);
    if (const std::string error = check(model); !error.empty()) throw std::invalid_argument(error);
    return model;
}

Model Quantiser::assemble(const Genome& genome) const { return of(genome).assemble(genome, nullptr); }
Model Quantiser::assemble(const Genome& genome, const TunedWeights& tuned) const {
    return of(genome).assemble(genome, &tuned);
}

TunedWeights Quantiser::weights(const Genome& genome) const {
    TunedWeights result{{}, of(genome).network};
    for (std::size_t k = 0; k < genome.layers.size(); ++k)
        result.matrices.push_back(of(genome).layer_matrices(k, genome));
    return result;
}

std::vector<ActivationScales> Quantiser::activation_scales(const Genome& genome) const {
    std::vector<ActivationScales> result;
    for (std::size_t k = 0; k < genome.layers.size(); ++k) result.push_back(of(genome).scales(k, genome));
    return result;
}

InputQuantiser Quantiser::input(const Genome& genome) const { return of(genome).input(genome); }

}  // namespace gruve
