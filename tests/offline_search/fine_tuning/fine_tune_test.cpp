// Fine-tuning: its simulation in float compared with the integer engine, its gradient with that of the float network,
// and the error that it saves.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/model/reference.h"
#include "offline_search/fine_tuning/fine_tune.h"
#include "offline_search/fine_tuning/latent_weights.h"
#include "offline_search/fine_tuning/quantised_backprop.h"
#include "offline_search/quantisation/genome.h"
#include "offline_search/tasks/classification/distillation.h"
#include "offline_search/training/backprop.h"
#include "tests/offline_search/random_network.h"

using namespace gruve;

namespace {

struct Fixture {
    FloatNetwork network = random_network(7, 10, 16, 5);
    std::vector<Matrix> calibration = random_sequences(1, 40, 10, 30), unseen = random_sequences(2, 10, 10, 30);
    Quantiser quantiser{network, calibration, {}};

    Genome wide_products(int width) const {
        Genome genome = homogeneous(network, width);
        genome.layers[0].gru[static_cast<std::size_t>(Operator::product_candidate)] = wide_width;
        genome.layers[0].gru[static_cast<std::size_t>(Operator::product_state)] = wide_width;
        return genome;
    }
    FloatNetwork placed(const Genome& genome) const {
        FloatNetwork result = network;
        LatentWeights(quantiser.weights(genome), genome).place(result);
        return result;
    }
};

Matrix run_integer(const Model& model, const Matrix& sequence) {
    ReferenceState state(model);
    Matrix outputs(model.output_size(), sequence.cols());
    std::vector<std::int8_t> x(static_cast<std::size_t>(model.input_size()));
    std::vector<std::int16_t> y(static_cast<std::size_t>(model.output_size()));
    for (Eigen::Index t = 0; t < sequence.cols(); ++t) {
        for (std::size_t i = 0; i < x.size(); ++i) x[i] = model.input(sequence(static_cast<Eigen::Index>(i), t));
        reference_step(model, state, x, y);
        for (std::size_t i = 0; i < y.size(); ++i)
            outputs(static_cast<Eigen::Index>(i), t) = static_cast<float>(y[i]) * model.output_scale;
    }
    return outputs;
}

/// Distance at the last step, which decides a sequence of this length.
double distance(const FloatNetwork& network, const Model& model, const std::vector<Matrix>& sequences) {
    double error = 0;
    for (const Matrix& sequence : sequences)
        error += static_cast<double>(
            (run_integer(model, sequence) - network.forward(sequence)).rightCols<1>().squaredNorm());
    return std::sqrt(error);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fine_tuning)

BOOST_FIXTURE_TEST_CASE(the_simulation_follows_the_integer_engine, Fixture) {
    for (const int width : {2, 4, 6, 8}) {
        const Genome genome = wide_products(width);
        const Model model = quantiser.assemble(genome);
        const FloatNetwork levels = placed(genome);
        QuantisedBackprop simulation(quantiser, genome, levels);
        double difference = 0, error = 0;
        for (const Matrix& sequence : unseen) {
            const Matrix played = run_integer(model, sequence);
            difference += static_cast<double>((played - simulation.forward(sequence, 1)).squaredNorm());
            error += static_cast<double>((played - network.forward(sequence)).squaredNorm());
        }
        // Occasionally a value is rounded to the neighbouring level, and the state keeps the difference.
        BOOST_TEST_MESSAGE(width << " bit: distance of the simulation " << std::sqrt(difference)
                                 << ", of the float network " << std::sqrt(error));
        BOOST_CHECK_LT(difference, 0.5 * error);
    }
}

BOOST_FIXTURE_TEST_CASE(at_eight_bits_the_gradient_is_nearly_the_float_networks, Fixture) {
    const Genome genome = wide_products(8);
    QuantisedBackprop simulation(quantiser, genome, network);
    Backprop exact(network);
    FloatNetwork a = zeros_like(network), b = zeros_like(network);
    for (const Matrix& sequence : unseen) {
        const Matrix slope = exact.forward(sequence, 1);
        exact.backward(slope, a);
        simulation.forward(sequence, 1);
        simulation.backward(slope, b);
    }
    const auto p = parameters(a), q = parameters(b);
    for (std::size_t i = 0; i < p.size(); ++i) {
        double dot = 0, aa = 0, bb = 0;
        for (std::size_t j = 0; j < p[i].size(); ++j) {
            dot += static_cast<double>(p[i][j] * q[i][j]), aa += static_cast<double>(p[i][j] * p[i][j]),
                bb += static_cast<double>(q[i][j] * q[i][j]);
        }
        BOOST_TEST_MESSAGE("parameter " << i << ": cosine " << dot / std::sqrt(aa * bb));
        BOOST_CHECK_GT(dot / std::sqrt(aa * bb), 0.99);
        BOOST_CHECK_CLOSE(aa, bb, 20);
    }
}

BOOST_FIXTURE_TEST_CASE(latent_weights_start_at_the_levels_of_calibration, Fixture) {
    for (const int width : {1, 2, 3, 5, int{ternary_width}}) {
        Genome genome = wide_products(6);
        for (std::size_t i = 0; i < linear_count; ++i) genome.layers[0].gru[i] = static_cast<std::uint8_t>(width);
        const TunedWeights start = quantiser.weights(genome), same = LatentWeights(start, genome).result();
        for (std::size_t m = 0; m < linear_count; ++m)
            BOOST_CHECK(start.matrices[0][m].levels == same.matrices[0][m].levels);
        BOOST_CHECK_LT(distance(network, quantiser.assemble(genome, same), unseen),
                       1.05 * distance(network, quantiser.assemble(genome), unseen) + 1e-3);
    }
}

BOOST_FIXTURE_TEST_CASE(long_sequences_are_tuned_on_in_pieces, Fixture) {
    const std::vector<Matrix> sequences = {random_sequences(4, 1, 10, 70)[0], random_sequences(5, 1, 10, 25)[0]};
    const Distillation goal(network, sequences, 1, 30);
    BOOST_REQUIRE_EQUAL(goal.count(), 3);  // 30 and 30 of the first (10 more are too few), 25 of the second
    BOOST_CHECK(goal.sequences()[1] == sequences[0].middleCols(30, 30));
    BOOST_CHECK(goal.sequences()[2].leftCols(25) == sequences[1]);
    for (Eigen::Index t = 25; t < 30; ++t) BOOST_CHECK(goal.sequences()[2].col(t) == sequences[1].col(24));
    BOOST_CHECK(goal.wanted()[2] == network.forward(goal.sequences()[2]));
}

BOOST_FIXTURE_TEST_CASE(tuning_brings_few_bits_nearer_to_the_float_network, Fixture) {
    for (const int width : {int{binary_width}, 2, int{ternary_width}}) {
        Genome genome = wide_products(8);
        for (std::size_t i = 0; i < linear_count; ++i) genome.layers[0].gru[i] = static_cast<std::uint8_t>(width);
        genome.row_multipliers = width != 2;
        Distillation goal(network, random_sequences(3, 400, 10, 30), 1, 30, 16);
        const FineTuneSettings settings{.epochs = 12, .learning_rate = 5e-3f};
        const double before = distance(network, quantiser.assemble(genome), unseen);
        const double after =
            distance(network, quantiser.assemble(genome, fine_tune(quantiser, genome, goal, settings)), unseen);
        BOOST_TEST_MESSAGE("width " << width << ": distance to the float network " << before << " -> " << after);
        BOOST_CHECK_LT(after, 0.97 * before);
    }
}

BOOST_FIXTURE_TEST_CASE(on_streams_every_step_comes_nearer_to_the_float_network, Fixture) {
    Genome genome = wide_products(8);
    std::fill_n(genome.layers[0].gru.begin(), linear_count, std::uint8_t{2});
    StreamDistillation goal(
        network, [](std::mt19937_64& random) { return random_sequences(random(), 1, 10, 30)[0]; }, 1, 80, 16);
    const int chosen[] = {5, 2};
    goal.renew(0, 2);
    const Matrix first = goal.inputs(chosen);
    goal.renew(1, 1);
    BOOST_CHECK(goal.inputs(chosen) != first);  // each pass draws new sequences
    goal.renew(0, 1);
    BOOST_CHECK(goal.inputs(chosen) == first);
    const auto difference = [&](const Model& model) {
        double sum = 0;
        for (const Matrix& sequence : unseen)
            sum += static_cast<double>((run_integer(model, sequence) - network.forward(sequence)).squaredNorm());
        return sum;
    };
    const double before = difference(quantiser.assemble(genome)),
                 after = difference(quantiser.assemble(
                     genome, fine_tune(quantiser, genome, goal, {.epochs = 40, .learning_rate = 5e-3f})));
    BOOST_TEST_MESSAGE("squared difference of all steps: " << before << " -> " << after);
    BOOST_CHECK_LT(after, 0.9 * before);
}

BOOST_FIXTURE_TEST_CASE(tuning_descends_the_goal_that_it_is_given, Fixture) {
    Genome genome = wide_products(8);
    for (std::size_t i = 0; i < linear_count; ++i) genome.layers[0].gru[i] = 2;
    Distillation all(network, random_sequences(3, 200, 10, 30), 1, 30, 16);
    /// The squared error of the first output alone.
    struct First : TuningGoal {
        explicit First(const Distillation& d) : of(d) {}
        int count() const override { return of.count(); }
        int batch() const override { return of.batch(); }
        Matrix inputs(std::span<const int> chosen) const override { return of.inputs(chosen); }
        double loss(std::span<const int> chosen, const Matrix& outputs, int share, Matrix& gradient) const override {
            const Matrix wanted = side_by_side(static_cast<int>(chosen.size()), [&](int s) -> const Matrix& {
                return of.wanted()[static_cast<std::size_t>(chosen[static_cast<std::size_t>(s)])];
            });
            gradient.setZero(outputs.rows(), outputs.cols());
            gradient.row(0) = (outputs.row(0) - wanted.row(0)) / static_cast<float>(share);
            return 0.5 * static_cast<double>((outputs.row(0) - wanted.row(0)).squaredNorm()) / share;
        }
        const Distillation& of;
    };
    const auto first_output = [&](TuningGoal& goal) {
        const Model model =
            quantiser.assemble(genome, fine_tune(quantiser, genome, goal, {.epochs = 12, .learning_rate = 5e-3f}));
        double sum = 0;
        for (const Matrix& sequence : unseen)
            sum += static_cast<double>((run_integer(model, sequence) - network.forward(sequence)).row(0).squaredNorm());
        return sum;
    };
    First first(all);
    const double divergence = first_output(all), alone = first_output(first);
    BOOST_TEST_MESSAGE("squared error of the first output: divergence of all descended "
                       << divergence << ", it alone descended " << alone);
    BOOST_CHECK_LT(alone, 0.95 * divergence);
}

BOOST_FIXTURE_TEST_CASE(tuning_gives_the_same_weights_for_any_number_of_threads, Fixture) {
    const Genome genome = wide_products(3);
    const auto tuned = [&](int jobs) {
        Distillation goal(network, calibration, jobs, 30, 8);
        return quantiser.assemble(genome, fine_tune(quantiser, genome, goal, {.epochs = 2, .jobs = jobs}));
    };
    BOOST_CHECK(tuned(1) == tuned(2));
}

BOOST_AUTO_TEST_SUITE_END()
