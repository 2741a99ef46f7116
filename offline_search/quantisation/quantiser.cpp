#include "offline_search/quantisation/quantiser.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <tuple>

#include "engine/model/check_model.h"
#include "offline_search/network/band_layers.h"
#include "offline_search/quantisation/assemble_layer.h"
#include "offline_search/quantisation/memo.h"
#include "offline_search/quantisation/statistics.h"

namespace gruve {
namespace {

/// The 16-bit values W_hn h + b_hn, and those of the path of a network of bands, may exceed those seen in calibration
/// by this factor, because quantised signals can go further.
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
    /// Per layer: of the input, of a GRU's state, and of the backward state of one over the bands.
    std::vector<std::vector<ErrorFeedback>> feedback;

    using MatrixKey = std::tuple<std::size_t, int, int, bool>;  // layer, linear, width, row scales
    using RangeKey = std::tuple<std::size_t, int, int>;         // layer, operator, width
    mutable Memo<MatrixKey, QuantisedMatrix> matrices;
    mutable Memo<RangeKey, double> ranges;
    mutable Memo<int, InputQuantiser> inputs;

    Impl(FloatNetwork float_network, const std::vector<Matrix>& calibration, Scheme how)
        : network(std::move(float_network)), scheme(how), statistics(calibrate(network, calibration)) {
        for (const auto& layer : statistics.layers) {
            auto& of_layer = feedback.emplace_back();
            if (const auto* gru = std::get_if<GruStatistics>(&layer)) {
                of_layer = {ErrorFeedback(gru->input), ErrorFeedback(gru->state)};
            } else if (const auto* both = std::get_if<BandGruStatistics>(&layer)) {
                of_layer = {ErrorFeedback(both->forward.input), ErrorFeedback(both->forward.state),
                            ErrorFeedback(both->backward.state)};
            } else {
                of_layer.emplace_back(std::get<DenseStatistics>(layer).input);
            }
        }
    }

    /// A GRU layer, or a direction of one over the bands.
    const FloatGru& gru_of(std::size_t k, Order order) const {
        if (const auto* both = std::get_if<FloatBandGru>(&network.layers[k]))
            return order == Order::forward ? both->forward : both->backward;
        return std::get<FloatGru>(network.layers[k]);
    }
    const GruStatistics& statistics_of(std::size_t k, Order order) const {
        if (const auto* both = std::get_if<BandGruStatistics>(&statistics.layers[k]))
            return order == Order::forward ? both->forward : both->backward;
        return std::get<GruStatistics>(statistics.layers[k]);
    }
    /// Tells the directions apart in keys.
    static int key(Operator op, Order order) {
        return static_cast<int>(op) + (order == Order::forward ? 0 : operator_count);
    }

    /// One of the linears ir, iz, in, hr, hz, hn of GRU layer k.
    const QuantisedMatrix& gru_matrix(std::size_t k, Operator op, Order order, int width, bool row_scales) const {
        return matrices.get({k, key(op, order), width, row_scales}, [&] {
            const FloatGru& gru = gru_of(k, order);
            const bool recurrent = op >= Operator::linear_hr;
            const Eigen::MatrixXd weights =
                gate_rows(recurrent ? gru.weight_hh : gru.weight_ih, static_cast<int>(op) % 3);
            const std::size_t of = !recurrent ? 0 : order == Order::forward ? 1 : 2;
            return scheme.strategy->weights(weights, feedback[k][of], width, row_scales);
        });
    }
    const QuantisedMatrix& dense_matrix(std::size_t k, int width, bool row_scales) const {
        return matrices.get({k, 0, width, row_scales}, [&] {
            const auto& dense = std::get<FloatDense>(network.layers[k]);
            return scheme.strategy->weights(dense.weight.cast<double>(), feedback[k][0], width, row_scales);
        });
    }
    /// All matrices of layer k: ir, iz, in, hr, hz, hn, those of the backward direction after them, or the one of a
    /// dense layer.
    std::vector<QuantisedMatrix> layer_matrices(std::size_t k, const Genome& genome) const {
        const Genome::Layer& widths = genome.layers[k];
        if (std::holds_alternative<FloatDense>(network.layers[k]))
            return {dense_matrix(k, widths.dense.weights, genome.row_multipliers)};
        std::vector<QuantisedMatrix> result;
        for (const Order order : {Order::forward, Order::backward}) {
            if (order == Order::backward && !std::holds_alternative<FloatBandGru>(network.layers[k])) break;
            for (std::size_t i = 0; i < linear_count; ++i)
                result.push_back(gru_matrix(k, static_cast<Operator>(i), order, widths.gru[i], genome.row_multipliers));
        }
        return result;
    }

    double range(std::size_t k, int of, int width, const Samples& samples, Activation activation) const {
        return ranges.get({k, of, width}, [&] {
            const double scale = scheme.strategy->scale(samples, width, activation);
            return activation == Activation::none ? scale : from_q24(to_q24(scale));
        });
    }
    double wide_range(std::size_t k, int of, const Samples& samples) const {
        return ranges.get({k, of, wide_width}, [&] { return covering_scale(samples, hn_headroom); });
    }

    InputQuantiser input(const Genome& genome) const {
        return inputs.get(genome.input, [&] { return scheme.strategy->input(statistics.input, genome.input); });
    }
    ActivationScales scales(std::size_t k, const Genome& genome, Order order = Order::forward) const;
    double copy_scale(std::size_t k, const Genome& genome) const;
    AssembledLayer assemble_layer(std::size_t k, const Genome& genome, const TunedWeights* tuned, Signal input) const;
    AssembledLayer assemble_band_layer(std::size_t k, const Genome& genome, Signal input, PathFormat& path) const;
    Model assemble(const Genome& genome, const TunedWeights* tuned) const;
};

ActivationScales Quantiser::Impl::scales(std::size_t k, const Genome& genome, Order order) const {
    ActivationScales result;
    if (const auto* dense = std::get_if<FloatDense>(&network.layers[k])) {
        const Samples& samples = std::get<DenseStatistics>(statistics.layers[k]).pre_activation;
        const int bits = genome.layers[k].dense.pre_activation;
        result.pre_activation =
            bits == wide_width ? wide_range(k, 0, samples) : range(k, 0, bits, samples, dense->activation);
        return result;
    }
    const GruStatistics& signals = statistics_of(k, order);
    const GruWidths& widths = genome.layers[k].gru;
    const auto range_of = [&](Operator op, const Samples& samples, Activation activation) {
        return range(k, key(op, order), widths[static_cast<std::size_t>(op)], samples, activation);
    };
    result.pre_r = range_of(Operator::add_r, signals.pre_r, Activation::sigmoid);
    result.pre_z = range_of(Operator::add_z, signals.pre_z, Activation::sigmoid);
    result.pre_n = range_of(Operator::add_n, signals.pre_n, Activation::tanh);
    result.product_reset = range_of(Operator::product_reset, signals.product_reset, Activation::none);
    result.hn = wide_range(k, key(Operator::linear_hn, order), signals.hn);
    result.copy = copy_scale(k, genome);
    return result;
}

/// Of a GRU's state. Both directions have the same, since one product reads the two.
double Quantiser::Impl::copy_scale(std::size_t k, const Genome& genome) const {
    const int bits = genome.layers[k].gru[static_cast<std::size_t>(Operator::state)];
    if (scheme.narrow_state) return unit_scale(bits);
    const int of = key(Operator::state, Order::forward);
    const auto* both = std::get_if<BandGruStatistics>(&statistics.layers[k]);
    if (both == nullptr) return range(k, of, bits, statistics_of(k, Order::forward).state_values, Activation::none);
    return ranges.get({k, of, bits}, [&] {
        Samples samples = both->forward.state_values;
        samples.insert(samples.end(), both->backward.state_values.begin(), both->backward.state_values.end());
        return scheme.strategy->scale(samples, bits, Activation::none);
    });
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

/// path: of the layer that started it; a dense layer that starts it anew sets it.
AssembledLayer Quantiser::Impl::assemble_band_layer(std::size_t k, const Genome& genome, Signal input,
                                                    PathFormat& path) const {
    const LayerFormat format{genome.layers[k], genome.row_multipliers, genome.bias_width, scheme.narrow_state};
    const auto weights = layer_matrices(k, genome);
    if (const auto* both = std::get_if<FloatBandGru>(&network.layers[k])) {
        const auto middle = weights.begin() + linear_count;
        AssembledLayer forward =
                           assemble_gru(both->forward, {weights.begin(), middle}, scales(k, genome), format, input),
                       backward = assemble_gru(both->backward, {middle, weights.end()},
                                               scales(k, genome, Order::backward), format, input);
        return {
            BandGruLayer{std::get<GruLayer>(std::move(forward.layer)), std::get<GruLayer>(std::move(backward.layer))},
            forward.output};
    }
    if (const auto* gru = std::get_if<FloatGru>(&network.layers[k]))
        return assemble_gru(*gru, weights, scales(k, genome), format, input);
    const auto& dense = std::get<FloatDense>(network.layers[k]);
    if (k + 1 == network.layers.size()) return assemble_dense(dense, weights[0], scales(k, genome), format, input);
    if (dense.adds) {
        const Samples& samples = std::get<DenseStatistics>(statistics.layers[k]).path;
        path.copy_scale = range(k, 1, genome.layers[k].sum, samples, Activation::none);
    } else {
        const double of_outputs = output_scale(dense, scales(k, genome), genome.layers[k].dense),
                     room = signed_max(16) * of_outputs / (hn_headroom * std::max(statistics.largest_path, of_outputs));
        path.lift = static_cast<std::uint8_t>(std::clamp(std::floor(std::log2(room)), 0.0, 8.0));
        path.scale = std::ldexp(of_outputs, -path.lift);
    }
    return assemble_dense(dense, weights[0], scales(k, genome), format, input, &path);
}

Model Quantiser::Impl::assemble(const Genome& genome, const TunedWeights* tuned) const {
    if (genome.layers.size() != network.layers.size())
        throw std::invalid_argument("genome: " + std::to_string(genome.layers.size()) +
                                    " layers, but the network has " + std::to_string(network.layers.size()));
    if (tuned != nullptr) require_chain(network);
    Model model;
    model.bands = network.bands;
    model.input = input(genome);
    Signal signal{static_cast<double>(model.input.scale), model.input.zero_point};
    PathFormat path;
    for (std::size_t k = 0; k < genome.layers.size(); ++k) {
        AssembledLayer assembled =
            network.bands > 1 ? assemble_band_layer(k, genome, signal, path) : assemble_layer(k, genome, tuned, signal);
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
