#include "offline_search/quantisation/quantiser.h"

#include <stdexcept>
#include <tuple>

#include "engine/model/check_model.h"
#include "offline_search/quantisation/assemble_layer.h"
#include "offline_search/quantisation/memo.h"
#include "offline_search/quantisation/statistics.h"

namespace gruve {
namespace {

/// The 16-bit values W_hn h + b_hn may exceed those seen in calibration by this factor, because quantised signals can
/// go further.
constexpr double hn_headroom = 1.5;

Eigen::MatrixXd gate_rows(const Matrix& stacked, int gate) {
    const Eigen::Index hidden = stacked.rows() / 3;
    return stacked.middleRows(gate * hidden, hidden).cast<double>();
}

std::vector<FloatNetwork> only(FloatNetwork network) {
    std::vector<FloatNetwork> networks;
    networks.push_back(std::move(network));
    return networks;
}

}  // namespace

/// One float network with its statistics, and everything that was quantised so far.
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

    /// One of the linears ir, iz, in, hr, hz, hn of GRU layer k.
    const QuantisedMatrix& gru_matrix(std::size_t k, Operator op, int width, bool row_scales) const {
        const int index = static_cast<int>(op);
        return matrices.get({k, index, width, row_scales}, [&] {
            const auto& gru = std::get<FloatGru>(network.layers[k]);
            const bool recurrent = op >= Operator::linear_hr;
            const Eigen::MatrixXd weights = gate_rows(recurrent ? gru.weight_hh : gru.weight_ih, index % 3);
            return scheme.strategy->weights(weights, recurrent ? feedback[k].state : feedback[k].input, width,
                                            row_scales);
        });
    }
    const QuantisedMatrix& dense_matrix(std::size_t k, int width, bool row_scales) const {
        return matrices.get({k, 0, width, row_scales}, [&] {
            const auto& dense = std::get<FloatDense>(network.layers[k]);
            return scheme.strategy->weights(dense.weight.cast<double>(), feedback[k].input, width, row_scales);
        });
    }
    /// All matrices of layer k: ir, iz, in, hr, hz, hn, or the one of a dense layer.
    std::vector<QuantisedMatrix> layer_matrices(std::size_t k, const Genome& genome) const {
        const Genome::Layer& widths = genome.layers[k];
        if (std::holds_alternative<FloatDense>(network.layers[k]))
            return {dense_matrix(k, widths.dense.weights, genome.row_multipliers)};
        std::vector<QuantisedMatrix> result;
        for (std::size_t i = 0; i < linear_count; ++i)
            result.push_back(gru_matrix(k, static_cast<Operator>(i), widths.gru[i], genome.row_multipliers));
        return result;
    }

    double range(std::size_t k, Operator op, int width, const Samples& samples, Activation activation) const {
        return ranges.get({k, static_cast<int>(op), width}, [&] {
            const double scale = scheme.strategy->scale(samples, width, activation);
            return activation == Activation::none ? scale : from_q24(to_q24(scale));
        });
    }
    double wide_range(std::size_t k, Operator op, const Samples& samples) const {
        return ranges.get({k, static_cast<int>(op), wide_width}, [&] { return covering_scale(samples, hn_headroom); });
    }

    InputQuantiser input(const Genome& genome) const {
        return inputs.get(genome.input, [&] { return scheme.strategy->input(statistics.input, genome.input); });
    }
    ActivationScales scales(std::size_t k, const Genome& genome) const;
    AssembledLayer assemble_layer(std::size_t k, const Genome& genome, const TunedWeights* tuned, Signal input) const;
    Model assemble(const Genome& genome, const TunedWeights* tuned) const;
};

ActivationScales Quantiser::Impl::scales(std::size_t k, const Genome& genome) const {
    ActivationScales result;
    if (const auto* dense = std::get_if<FloatDense>(&network.layers[k])) {
        const Samples& samples = std::get<DenseStatistics>(statistics.layers[k]).pre_activation;
        const int bits = genome.layers[k].dense.pre_activation;
        result.pre_activation = bits == wide_width ? wide_range(k, Operator{}, samples)
                                                   : range(k, Operator{}, bits, samples, dense->activation);
        return result;
    }
    const auto& signals = std::get<GruStatistics>(statistics.layers[k]);
    const GruWidths& widths = genome.layers[k].gru;
    const auto range_of = [&](Operator op, const Samples& samples, Activation activation) {
        return range(k, op, widths[static_cast<std::size_t>(op)], samples, activation);
    };
    result.pre_r = range_of(Operator::add_r, signals.pre_r, Activation::sigmoid);
    result.pre_z = range_of(Operator::add_z, signals.pre_z, Activation::sigmoid);
    result.pre_n = range_of(Operator::add_n, signals.pre_n, Activation::tanh);
    result.product_reset = range_of(Operator::product_reset, signals.product_reset, Activation::none);
    result.hn = wide_range(k, Operator::linear_hn, signals.hn);
    result.copy = scheme.narrow_state ? unit_scale(widths[static_cast<std::size_t>(Operator::state)])
                                      : range_of(Operator::state, signals.state_values, Activation::none);
    return result;
}

AssembledLayer Quantiser::Impl::assemble_layer(std::size_t k, const Genome& genome, const TunedWeights* tuned,
                                               Signal input) const {
    const LayerFormat format{genome.layers[k], genome.row_multipliers, genome.bias_width, scheme.narrow_state};
    const FloatLayer& source = tuned != nullptr ? tuned->biases.layers[k] : network.layers[k];
    const auto weights = tuned != nullptr ? tuned->matrices[k] : layer_matrices(k, genome);
    if (const auto* gru = std::get_if<FloatGru>(&source))
        return assemble_gru(*gru, weights, scales(k, genome), format, input);
    return assemble_dense(std::get<FloatDense>(source), weights[0], scales(k, genome), format, input);
}

Model Quantiser::Impl::assemble(const Genome& genome, const TunedWeights* tuned) const {
    if (genome.layers.size() != network.layers.size())
        throw std::invalid_argument("genome: " + std::to_string(genome.layers.size()) +
                                    " layers, but the network has " + std::to_string(network.layers.size()));
    Model model;
    model.input = input(genome);
    Signal signal{static_cast<double>(model.input.scale), model.input.zero_point};
    for (std::size_t k = 0; k < genome.layers.size(); ++k) {
        AssembledLayer assembled = assemble_layer(k, genome, tuned, signal);
        model.layers.push_back(std::move(assembled.layer));
        signal = assembled.output;
    }
    model.output_scale = static_cast<float>(signal.scale);
    if (const std::string error = check(model); !error.empty()) throw std::invalid_argument(error);
    return model;
}

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
