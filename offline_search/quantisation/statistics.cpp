#include "offline_search/quantisation/statistics.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "datasets/support/data_error.h"

namespace gruve {
namespace {

constexpr std::size_t samples_kept = 40000;

/// Sums of x and xxᵀ in double precision, one sequence at a time.
class MomentSum {
public:
    void add(const Matrix& columns) {
        const Eigen::MatrixXd x = columns.cast<double>();
        if (count_ == 0) {
            sum_ = Eigen::VectorXd::Zero(x.rows());
            products_ = Eigen::MatrixXd::Zero(x.rows(), x.rows());
        }
        sum_ += x.rowwise().sum();
        products_ += x * x.transpose();
        count_ += x.cols();
    }
    Moments moments() const {
        const double n = static_cast<double>(count_);
        Moments result;
        result.mean = sum_ / n;
        result.covariance = products_ / n - result.mean * result.mean.transpose();
        return result;
    }

private:
    Eigen::VectorXd sum_;
    Eigen::MatrixXd products_;
    Eigen::Index count_ = 0;
};

/// Keeps every stride-th value. A stride above 1 must be coprime to usual sizes, see thin().
void append(Samples& samples, const Matrix& values, Eigen::Index stride) {
    if (stride == 1) {
        samples.insert(samples.end(), values.data(), values.data() + values.size());
        return;
    }
    const auto first = static_cast<Eigen::Index>(samples.size()) % stride;  // not always the same bands
    for (Eigen::Index i = first; i < values.size(); i += stride) samples.push_back(values.data()[i]);
}

/// Keeps every k-th value. k is not divisible by 2, 3 or 5, and so coprime to usual layer sizes: all units and steps
/// stay represented.
void thin(Samples& samples) {
    if (samples.size() <= samples_kept) return;
    std::size_t stride = samples.size() / samples_kept;
    while (stride % 2 == 0 || stride % 3 == 0 || stride % 5 == 0) ++stride;
    Samples kept;
    for (std::size_t i = 0; i < samples.size(); i += stride) kept.push_back(samples[i]);
    samples = std::move(kept);
}

/// Networks of bands have some forty times as many values as a chain.
Eigen::Index stride_of(int bands) { return bands > 1 ? 31 : 1; }

float sigmoid(float x) { return 1.0f / (1.0f + std::exp(-x)); }

/// `bands` columns of `x` belong to a step.
Matrix run(const FloatDense& layer, const Matrix& x, int bands, MomentSum& input, DenseStatistics& statistics) {
    input.add(x);
    Matrix pre = (layer.weight * x).colwise() + layer.bias;
    if (layer.by_band.size() > 0) pre += layer.by_band.replicate(1, x.cols() / bands);
    append(statistics.pre_activation, pre, stride_of(bands));
    switch (layer.activation) {
        case Activation::sigmoid:
            return pre.unaryExpr(&sigmoid);
        case Activation::tanh:
            return pre.array().tanh();
        case Activation::none:
            break;
    }
    return pre;
}

Matrix run(const FloatGru& layer, const Matrix& x, MomentSum& input, MomentSum& state, GruStatistics& statistics,
           Eigen::Index stride = 1) {
    const Eigen::Index hidden = layer.hidden_size(), steps = x.cols();
    const Matrix from_input = (layer.weight_ih * x).colwise() + layer.bias_ih;
    Matrix pre_r(hidden, steps), pre_z(hidden, steps), pre_n(hidden, steps), hn(hidden, steps), product(hidden, steps);
    Matrix previous(hidden, steps), outputs(hidden, steps);
    Vector h = Vector::Zero(hidden);
    for (Eigen::Index t = 0; t < steps; ++t) {
        previous.col(t) = h;
        const Vector from_state = layer.weight_hh * h + layer.bias_hh;
        pre_r.col(t) = from_input.col(t).head(hidden) + from_state.head(hidden);
        pre_z.col(t) = from_input.col(t).segment(hidden, hidden) + from_state.segment(hidden, hidden);
        hn.col(t) = from_state.tail(hidden);
        product.col(t) = pre_r.col(t).unaryExpr(&sigmoid).cwiseProduct(hn.col(t));
        pre_n.col(t) = from_input.col(t).tail(hidden) + product.col(t);
        const Vector z = pre_z.col(t).unaryExpr(&sigmoid), n = pre_n.col(t).array().tanh();
        h = n + z.cwiseProduct(h - n);
        outputs.col(t) = h;
    }
    input.add(x);
    state.add(previous);
    append(statistics.pre_r, pre_r, stride);
    append(statistics.pre_z, pre_z, stride);
    append(statistics.pre_n, pre_n, stride);
    append(statistics.hn, hn, stride);
    append(statistics.product_reset, product, stride);
    append(statistics.state_values, outputs, stride);
    return outputs;
}

bool finite(const FloatGru& gru) {
    return gru.weight_ih.allFinite() && gru.weight_hh.allFinite() && gru.bias_ih.allFinite() && gru.bias_hh.allFinite();
}

bool finite(const FloatLayer& layer) {
    if (const auto* dense = std::get_if<FloatDense>(&layer))
        return dense->weight.allFinite() && dense->bias.allFinite() && dense->by_band.allFinite();
    if (const auto* both = std::get_if<FloatBandGru>(&layer)) return finite(both->forward) && finite(both->backward);
    return finite(std::get<FloatGru>(layer));
}

void check_inputs(const FloatNetwork& network, const std::vector<Matrix>& sequences) {
    for (std::size_t k = 0; k < network.layers.size(); ++k)
        if (!finite(network.layers[k]))
            throw DataError("layer " + std::to_string(k) +
                            ": weights that are not finite; train or import the network again");
    Eigen::Index steps = 0;
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        const std::string where = "calibration sequence " + std::to_string(i) + ": ";
        if (sequences[i].rows() != network.input_size())
            throw DataError(where + std::to_string(sequences[i].rows()) + " features, but the network reads " +
                            std::to_string(network.input_size()));
        if (!sequences[i].allFinite()) throw DataError(where + "values that are not finite");
        steps += sequences[i].cols();
    }
    if (steps < min_calibration_steps)
        throw DataError("too few sequences to calibrate: " + std::to_string(sequences.size()) + " with " +
                        std::to_string(steps) + " steps, at least " + std::to_string(min_calibration_steps) +
                        " steps are needed");
}

/// The moments that a layer's statistics are made of. A dense layer has an input alone.
struct Sums {
    MomentSum input, state, backward_state;
};

/// A GRU over time in every band: channels × (steps · bands), band by band within a step.
Matrix run_over_time(const FloatGru& layer, const Matrix& x, int bands, Sums& sums, GruStatistics& statistics) {
    Matrix y(layer.hidden_size(), x.cols());
    for (int b = 0; b < bands; ++b) {
        const auto of_band = Eigen::seqN(b, x.cols() / bands, bands);
        y(Eigen::all, of_band) =
            run(layer, x(Eigen::all, of_band), sums.input, sums.state, statistics, stride_of(bands));
    }
    return y;
}

Matrix run_over_bands(const FloatBandGru& layer, const Matrix& x, int bands, Sums& sums,
                      BandGruStatistics& statistics) {
    const int size = layer.hidden_size();
    Matrix y(2 * size, x.cols());
    MomentSum again;  // of the input, which both directions share
    for (Eigen::Index at = 0; at < x.cols(); at += bands) {
        const Matrix frame = x.middleCols(at, bands);
        y.middleCols(at, bands).topRows(size) =
            run(layer.forward, frame, sums.input, sums.state, statistics.forward, stride_of(bands));
        y.middleCols(at, bands).bottomRows(size) = run(layer.backward, frame.rowwise().reverse(), again,
                                                       sums.backward_state, statistics.backward, stride_of(bands))
                                                       .rowwise()
                                                       .reverse();
    }
    return y;
}

/// From a front end's order, (channels · bands) × steps.
Matrix band_by_band(const Matrix& values, int bands) {
    Matrix result(values.rows() / bands, values.cols() * bands);
    for (Eigen::Index t = 0; t < values.cols(); ++t)
        result.middleCols(t * bands, bands) =
            Eigen::Map<const Matrix>(values.col(t).data(), bands, result.rows()).transpose();
    return result;
}

/// Runs a sequence, layer by layer.
void run(const FloatNetwork& network, const Matrix& sequence, std::vector<Sums>& sums, Statistics& statistics) {
    const int bands = network.bands;
    Matrix signal = bands > 1 ? band_by_band(sequence, bands) : sequence, path;
    for (std::size_t k = 0; k < network.layers.size(); ++k) {
        auto& of_layer = statistics.layers[k];
        if (const auto* dense = std::get_if<FloatDense>(&network.layers[k])) {
            auto& of_dense = std::get<DenseStatistics>(of_layer);
            signal = run(*dense, signal, bands, sums[k].input, of_dense);
            if (bands == 1 || k + 1 == network.layers.size()) continue;
            if (dense->adds) {
                signal += path;
                append(of_dense.path, signal, stride_of(bands));
            }
            path = signal;
            statistics.largest_path =
                std::max(statistics.largest_path, static_cast<double>(path.cwiseAbs().maxCoeff()));
        } else if (const auto* both = std::get_if<FloatBandGru>(&network.layers[k])) {
            signal = run_over_bands(*both, signal, bands, sums[k], std::get<BandGruStatistics>(of_layer));
        } else {
            const auto& gru = std::get<FloatGru>(network.layers[k]);
            auto& of_gru = std::get<GruStatistics>(of_layer);
            signal = bands > 1 ? run_over_time(gru, signal, bands, sums[k], of_gru)
                               : run(gru, signal, sums[k].input, sums[k].state, of_gru);
        }
    }
}

void finish(GruStatistics& gru, const MomentSum& input, const MomentSum& state) {
    gru.input = input.moments();
    gru.state = state.moments();
    for (Samples* samples : {&gru.pre_r, &gru.pre_z, &gru.pre_n, &gru.hn, &gru.product_reset, &gru.state_values})
        thin(*samples);
}

}  // namespace

Statistics calibrate(const FloatNetwork& network, const std::vector<Matrix>& sequences) {
    check_inputs(network, sequences);
    std::vector<Sums> sums(network.layers.size());
    Statistics statistics;
    for (const FloatLayer& layer : network.layers) {
        if (std::holds_alternative<FloatGru>(layer))
            statistics.layers.emplace_back(GruStatistics{});
        else if (std::holds_alternative<FloatBandGru>(layer))
            statistics.layers.emplace_back(BandGruStatistics{});
        else
            statistics.layers.emplace_back(DenseStatistics{});
    }
    for (const Matrix& sequence : sequences) {
        if (sequence.cols() == 0) continue;
        append(statistics.input, sequence, 1);
        run(network, sequence, sums, statistics);
    }
    thin(statistics.input);
    for (std::size_t k = 0; k < sums.size(); ++k) {
        if (auto* gru = std::get_if<GruStatistics>(&statistics.layers[k])) {
            finish(*gru, sums[k].input, sums[k].state);
        } else if (auto* both = std::get_if<BandGruStatistics>(&statistics.layers[k])) {
            finish(both->forward, sums[k].input, sums[k].state);
            finish(both->backward, sums[k].input, sums[k].backward_state);
        } else {
            auto& dense = std::get<DenseStatistics>(statistics.layers[k]);
            dense.input = sums[k].input.moments();
            thin(dense.pre_activation);
            thin(dense.path);
        }
    }
    return statistics;
}

}  // namespace gruve
