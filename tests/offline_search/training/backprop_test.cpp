#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>

#include "offline_search/training/adam.h"
#include "offline_search/training/sharded_gradient.h"
#include "tests/offline_search/small_network_of_bands.h"

using namespace gruve;

namespace {

Matrix random_matrix(int rows, int cols, unsigned seed) {
    std::mt19937 random(seed);
    Matrix matrix(rows, cols);
    for (Eigen::Index i = 0; i < matrix.size(); ++i)
        matrix.data()[i] = static_cast<float>(random() % 2001) / 1000.0f - 1.0f;
    return matrix;
}

FloatNetwork every_kind_of_layer() {
    FloatNetwork network;
    network.layers = {random_dense(3, 6, Activation::tanh, 1), random_gru(6, 5, 2), random_gru(5, 4, 3),
                      random_dense(4, 3, Activation::sigmoid, 4), random_dense(3, 2, Activation::none, 5)};
    return network;
}

/// Loss = Σ weights ⊙ output + ½ Σ output², in double.
double loss_of(const FloatNetwork& network, const Matrix& batch, int sequences, const Matrix& weights) {
    Backprop backprop(network);
    const Eigen::MatrixXd y = backprop.forward(batch, sequences).cast<double>();
    return (y.array() * weights.cast<double>().array()).sum() + 0.5 * y.squaredNorm();
}

FloatNetwork train_a_little(int jobs) {
    FloatNetwork network = every_kind_of_layer();
    ShardedGradient sharded(Backprop(network), network);
    Adam adam(network, {.learning_rate = 1e-2f, .steps = 30, .warm_up = 3});
    for (int step = 0; step < 30; ++step) {
        sharded.compute(jobs, [&](int shard, Backprop& backprop, FloatNetwork& gradient) {
            const Matrix& y =
                backprop.forward(random_matrix(3, 7 * 5, static_cast<unsigned>(step * gradient_shards + shard)), 5);
            backprop.backward(y.array() - 0.3f, gradient);
            return 0.5 * (y.array() - 0.3f).square().sum();
        });
        adam.step(network, sharded.gradient());
    }
    return network;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(backprop)

void batched_equals_plain(const FloatNetwork& network) {
    const int inputs = network.input_size();
    for (const int sequences : {1, 2, 7}) {
        for (const int steps : {1, 2, 13}) {
            const Matrix batch = random_matrix(inputs, sequences * steps, 7);
            Backprop backprop(network);
            const Matrix y = backprop.forward(batch, sequences);
            for (int s = 0; s < sequences; ++s) {
                Matrix one(inputs, steps);
                for (int t = 0; t < steps; ++t) one.col(t) = batch.col(t * sequences + s);
                const Matrix expected = network.forward(one);
                for (int t = 0; t < steps; ++t) {
                    BOOST_TEST((y.col(t * sequences + s) - expected.col(t)).cwiseAbs().maxCoeff() < 1e-6f);
                }
            }
        }
    }
}

// Central differences of a float32 forward pass. With ε = 1e-2, curvature contributes an error of about ε² and rounding
// one of 1e-7/ε, so each parameter must agree within 2e-3 of the largest gradient of its tensor. A wrong term is off by
// its own size.
void gradients_equal_differences(FloatNetwork network) {
    const int sequences = 3, steps = 6;
    const Matrix batch = random_matrix(network.input_size(), sequences * steps, 11),
                 weights = random_matrix(network.output_size(), sequences * steps, 12);
    FloatNetwork gradient = zeros_like(network);
    Backprop backprop(network);
    const Matrix y = backprop.forward(batch, sequences);
    backprop.backward(weights + y, gradient);

    const auto values = parameters(network), slopes = parameters(gradient);
    const float epsilon = 1e-2f;
    for (std::size_t p = 0; p < values.size(); ++p) {
        float largest = 0;
        for (float g : slopes[p]) largest = std::max(largest, std::abs(g));
        BOOST_TEST(largest > 0.0f);
        for (std::size_t i = 0; i < values[p].size(); ++i) {
            const float kept = values[p][i];
            values[p][i] = kept + epsilon;
            const double above = loss_of(network, batch, sequences, weights);
            values[p][i] = kept - epsilon;
            const double below = loss_of(network, batch, sequences, weights);
            values[p][i] = kept;
            const double numeric = (above - below) / (2.0 * static_cast<double>(epsilon));
            BOOST_TEST(
                std::abs(numeric - static_cast<double>(slopes[p][i])) < 2e-3 * static_cast<double>(largest) + 1e-5,
                "parameter " << p << '[' << i << "]: " << slopes[p][i] << ", central difference " << numeric);
        }
    }
}

BOOST_AUTO_TEST_CASE(batched_forward_equals_the_plain_one_sequence_by_sequence) {
    batched_equals_plain(every_kind_of_layer());
    batched_equals_plain(small_network_of_bands());
}

BOOST_AUTO_TEST_CASE(gradients_equal_central_differences) {
    gradients_equal_differences(every_kind_of_layer());
    gradients_equal_differences(small_network_of_bands());
}

BOOST_AUTO_TEST_CASE(bands_share_their_weights_and_differ_by_their_learnt_vectors_alone) {
    FloatNetwork network = small_network_of_bands();
    for (FloatLayer& layer : network.layers)
        if (auto* dense = std::get_if<FloatDense>(&layer); dense && dense->by_band.size() > 0)
            dense->by_band.colwise() = dense->by_band.col(0).eval();
    Matrix alike(6, 5);  // the three bands get the same values
    const Matrix values = random_matrix(2, 5, 31);
    for (int b = 0; b < 3; ++b) alike.row(b) = values.row(0), alike.row(3 + b) = values.row(1);
    // Seen from both ends, the first and the last band are alike only if both directions have the same weights.
    std::get<FloatBandGru>(network.layers[1]).backward = std::get<FloatBandGru>(network.layers[1]).forward;
    auto& added = std::get<FloatDense>(network.layers[2]).weight;
    added.rightCols(2) = added.leftCols(2).eval();
    const Matrix y = network.forward(alike);
    BOOST_TEST((y.row(0) - y.row(2)).cwiseAbs().maxCoeff() < 1e-6f);
    BOOST_TEST((y.row(0) - y.row(1)).cwiseAbs().maxCoeff() > 1e-4f);
    BOOST_TEST((network.forward(alike) - small_network_of_bands().forward(alike)).cwiseAbs().maxCoeff() > 1e-3f);
}

BOOST_AUTO_TEST_CASE(padding_after_a_sequence_changes_nothing_when_its_output_gradient_is_zero) {
    const FloatNetwork network = every_kind_of_layer();
    const Matrix batch = random_matrix(3, 8, 21);
    Matrix padded = random_matrix(3, 12, 22), padded_gradient = Matrix::Zero(2, 12);
    padded.leftCols(8) = batch;
    FloatNetwork expected = zeros_like(network), found = zeros_like(network);
    Backprop backprop(network);
    Matrix slope = backprop.forward(batch, 2);
    padded_gradient.leftCols(8) = slope;
    backprop.backward(slope, expected);
    backprop.forward(padded, 2);
    backprop.backward(padded_gradient, found);
    const auto a = parameters(expected), b = parameters(found);
    for (std::size_t p = 0; p < a.size(); ++p) {
        for (std::size_t i = 0; i < a[p].size(); ++i) BOOST_TEST(std::abs(a[p][i] - b[p][i]) < 1e-5f);
    }
}

BOOST_AUTO_TEST_CASE(training_is_bit_identical_for_any_number_of_jobs) {
    FloatNetwork one = train_a_little(1), two = train_a_little(2), five = train_a_little(5),
                 start = every_kind_of_layer();
    const auto a = parameters(one), b = parameters(two), c = parameters(five), s = parameters(start);
    bool moved = false;
    for (std::size_t p = 0; p < a.size(); ++p) {
        BOOST_TEST(std::equal(a[p].begin(), a[p].end(), b[p].begin()));
        BOOST_TEST(std::equal(a[p].begin(), a[p].end(), c[p].begin()));
        moved = moved || !std::equal(a[p].begin(), a[p].end(), s[p].begin());
    }
    BOOST_TEST(moved);
}

BOOST_AUTO_TEST_CASE(adam_refuses_a_gradient_that_is_not_finite) {
    FloatNetwork network = every_kind_of_layer();
    FloatNetwork gradient = zeros_like(network), before = network;
    parameters(gradient)[3][0] = std::nanf("");
    Adam adam(network, {});
    BOOST_TEST(!adam.step(network, gradient));
    const auto a = parameters(network), b = parameters(before);
    for (std::size_t p = 0; p < a.size(); ++p) BOOST_TEST(std::equal(a[p].begin(), a[p].end(), b[p].begin()));
}

BOOST_AUTO_TEST_SUITE_END()
