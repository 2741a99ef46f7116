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

void append(Samples& samples, const Matrix& values) {
    samples.insert(samples.end(), values.data(), values.data() + values.size());
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

float sigmoid(float x) { return 1.0f / (1.0f + std::exp(-x)); }

Matrix run(const FloatDense& layer, const Matrix& x, MomentSum& input, DenseStatistics& statistics) {
    input.add(x);
    const Matrix pre = (layer.weight * x).colwise() + layer.bias;
    append(statistics.pre_activation, pre);
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

Matrix run(const FloatGru& layer, const Matrix& x, MomentSum& input, MomentSum& state, GruStatistics& statistics) {
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
    append(statistics.pre_r, pre_r);
    append(statistics.pre_z, pre_z);
    append(statistics.pre_n, pre_n);
    append(statistics.hn, hn);
    append(statistics.product_reset, product);
    append(statistics.state_values, outputs);
    return outputs;
}

bool finite(const FloatLayer& layer) {
    if (const auto* dense = std::get_if<FloatDense>(&layer))
        return dense->weight.allFinite() && dense->bias.allFinite();
    const auto& gru = std::get<FloatGru>(layer);
    return gru.weight_ih.allFinite() && gru.weight_hh.allFinite() && gru.bias_ih.allFinite() && gru.bias_hh.allFinite();
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

}  // namespace

Statistics calibrate(const FloatNetwork& network, const std::vector<Matrix>& sequences) {
    require_chain(network);
    check_inputs(network, sequences);
    struct Sums {
        MomentSum input, state;
    };
    std::vector<Sums> sums(network.layers.size());
    Statistics statistics;
    for (const FloatLayer& layer : network.layers) {
        if (std::holds_alternative<FloatGru>(layer))
            statistics.layers.emplace_back(GruStatistics{});
        else
            statistics.layers.emplace_back(DenseStatistics{});
    }
    for (const Matrix& sequence : sequences) {
        if (sequence.cols() == 0) continue;
        append(statistics.input, sequence);
        Matrix signal = sequence;
        for (std::size_t k = 0; k < network.layers.size(); ++k) {
            if (const auto* gru = std::get_if<FloatGru>(&network.layers[k]))
                signal = run(*gru, signal, sums[k].input, sums[k].state, std::get<GruStatistics>(statistics.layers[k]));
            else
                signal = run(std::get<FloatDense>(network.layers[k]), signal, sums[k].input,
                             std::get<DenseStatistics>(statistics.layers[k]));
        }
    }
    thin(statistics.input);
    for (std::size_t k = 0; k < sums.size(); ++k) {
        if (auto* gru = std::get_if<GruStatistics>(&statistics.layers[k])) {
            gru->input = sums[k].input.moments();
            gru->state = sums[k].state.moments();
            for (Samples* samples :
                 {&gru->pre_r, &gru->pre_z, &gru->pre_n, &gru->hn, &gru->product_reset, &gru->state_values})
                thin(*samples);
        } else {
            auto& dense = std::get<DenseStatistics>(statistics.layers[k]);
            dense.input = sums[k].input.moments();
            thin(dense.pre_activation);
        }
    }
    return statistics;
}

}  // namespace gruve
