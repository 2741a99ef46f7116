// The error of the integer model against the float network, at every width.
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "datasets/support/data_error.h"
#include "engine/model/reference.h"
#include "offline_search/quantisation/activation_range.h"
#include "offline_search/quantisation/fixed_gate.h"
#include "offline_search/quantisation/genome.h"
#include "offline_search/quantisation/plain_quantiser.h"
#include "offline_search/quantisation/quantiser.h"
#include "offline_search/quantisation/statistics.h"
#include "offline_search/quantisation/strategy.h"
#include "offline_search/quantisation/weight_quantiser.h"
#include "tests/offline_search/random_network.h"

using namespace gruve;

namespace {

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

/// RMS of the difference, relative to the RMS of the float output's deviation from its mean.
double relative_error(const FloatNetwork& network, const Model& model, const std::vector<Matrix>& sequences) {
    double error = 0, power = 0;
    for (const Matrix& sequence : sequences) {
        const Matrix exact = network.forward(sequence);
        error += static_cast<double>((run_integer(model, sequence) - exact).squaredNorm());
        power += static_cast<double>((exact.colwise() - Vector(exact.rowwise().mean())).squaredNorm());
    }
    return std::sqrt(error / power);
}

struct Fixture {
    FloatNetwork network = random_network(7, 10, 24, 5);
    std::vector<Matrix> calibration = random_sequences(1, 40, 10, 50);
    std::vector<Matrix> unseen = random_sequences(2, 10, 10, 50);
    double error(const Genome& genome, Scheme scheme = {}) const {
        return relative_error(network, Quantiser(network, calibration, scheme).assemble(genome), unseen);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(quantise)

BOOST_FIXTURE_TEST_CASE(each_width_stays_within_its_error_budget, Fixture) {
    const Quantiser quantiser(network, calibration, {});
    double previous = 10;
    const double budget[] = {0, 0, 2.0, 0.8, 0.40, 0.20, 0.10, 0.05, 0.025};
    for (int width = 2; width <= 8; ++width) {
        const double error = relative_error(network, quantiser.assemble(homogeneous(network, width)), unseen);
        BOOST_TEST_MESSAGE("homogeneous " << width << " bit: relative error " << error);
        BOOST_CHECK_MESSAGE(error < budget[width], width << " bit: " << error << ", budget " << budget[width]);
        BOOST_CHECK_LT(error, previous);
        previous = error;
    }
}

BOOST_AUTO_TEST_CASE(narrow_state_loses_more_than_the_16_bit_state_where_the_state_moves_slowly) {
    FloatNetwork slow = random_network(7, 10, 24, 5);
    std::get<FloatGru>(slow.layers[0]).bias_ih.segment(24, 24).array() +=
        3.0f;  // z is near 1, so the state moves by less than half a level per step
    const auto calibration = random_sequences(1, 40, 10, 50), unseen = random_sequences(2, 10, 10, 50);
    const auto error = [&](bool narrow) {
        Genome genome = homogeneous(slow, 6);
        genome.layers[0].gru[static_cast<std::size_t>(Operator::product_candidate)] = 8;
        genome.layers[0].gru[static_cast<std::size_t>(Operator::product_state)] = 8;
        return relative_error(slow, Quantiser(slow, calibration, {.narrow_state = narrow}).assemble(genome), unseen);
    };
    BOOST_TEST_MESSAGE("6 bit: state of 16 bits " << error(false) << ", narrow " << error(true));
    BOOST_CHECK_LT(error(false), error(true));
}

BOOST_FIXTURE_TEST_CASE(lean_overheads_cost_little_at_eight_bits, Fixture) {
    Genome genome = homogeneous(network, 8);
    genome.row_multipliers = false;
    genome.bias_width = 8;
    BOOST_CHECK_LT(error(genome), 0.05);
    const Model model = Quantiser(network, calibration, {}).assemble(genome);
    BOOST_CHECK_EQUAL(std::get<GruLayer>(model.layers[0]).ir.multiplier.size(), 1u);
    BOOST_CHECK_EQUAL(std::get<GruLayer>(model.layers[0]).bias_r.width, 8);
}

BOOST_FIXTURE_TEST_CASE(further_formats_and_wide_products_assemble, Fixture) {
    Genome genome = homogeneous(network, 8);
    auto& widths = genome.layers[0].gru;
    widths[0] = binary_width;
    widths[3] = ternary_width;
    widths[static_cast<std::size_t>(Operator::product_candidate)] = wide_width;
    widths[static_cast<std::size_t>(Operator::product_state)] = wide_width;
    BOOST_CHECK_LT(error(genome), 0.8);
}

BOOST_AUTO_TEST_CASE(gptq_beats_rounding_on_correlated_inputs) {
    std::mt19937_64 random(3);
    const Eigen::MatrixXd mix = random_matrix(random, 32, 32, 1.0f).cast<double>();
    Eigen::MatrixXd weights = random_matrix(random, 16, 32, 1.0f).cast<double>();
    const Eigen::MatrixXd covariance = mix * Eigen::VectorXd::LinSpaced(32, 0.01, 1.0).asDiagonal() * mix.transpose();
    const ErrorFeedback input(Moments{Eigen::VectorXd::Ones(32), covariance});
    for (const int width : {2, 3, 4, int{ternary_width}}) {
        const auto output_error = [&](bool gptq) {
            const QuantisedMatrix q = quantise_matrix(weights, input, width, true, gptq);
            Eigen::MatrixXd error = weights;
            for (Eigen::Index row = 0; row < 16; ++row)
                for (Eigen::Index col = 0; col < 32; ++col)
                    error(row, col) -=
                        q.scale[static_cast<std::size_t>(row)] * q.levels[static_cast<std::size_t>(32 * row + col)];
            return (error * covariance * error.transpose()).trace();
        };
        BOOST_TEST_MESSAGE("width " << width << ": GPTQ " << output_error(true) << ", rounding "
                                    << output_error(false));
        BOOST_CHECK_LT(output_error(true), 0.8 * output_error(false));
    }
}

BOOST_AUTO_TEST_CASE(plain_quantisation_fills_the_range_with_the_largest_value) {
    Eigen::MatrixXd weights(2, 3);
    weights << 0.7, -0.1, 0.36, 0.07, 0.0, -0.04;
    const QuantisedMatrix one = quantise_plainly(weights, 4, false), rows = quantise_plainly(weights, 4, true);
    BOOST_CHECK(one.levels == (std::vector<std::int8_t>{7, -1, 4, 1, 0, 0}));
    BOOST_CHECK_CLOSE(one.scale[1], 0.1, 1e-9);
    BOOST_CHECK(rows.levels == (std::vector<std::int8_t>{7, -1, 4, 7, 0, -4}));
    BOOST_CHECK_CLOSE(plain_scale({-3.5f, 1.0f}, 4), 0.5, 1e-6);
    const InputQuantiser input = plain_input({0.0f, 51.0f}, 8);
    BOOST_CHECK_EQUAL(input(0.0f), -128);
    BOOST_CHECK_EQUAL(input(51.0f), 127);
}

BOOST_FIXTURE_TEST_CASE(searched_ranges_beat_plain_ones_at_few_bits, Fixture) {
    for (const int width : {3, 4}) {
        const double searched = error(homogeneous(network, width)),
                     plain = error(homogeneous(network, width), {.strategy = &plain_strategy()});
        BOOST_TEST_MESSAGE(width << " bit: searched " << searched << ", plain " << plain);
        BOOST_CHECK_LT(searched, 0.9 * plain);
    }
}

BOOST_FIXTURE_TEST_CASE(assembling_is_repeatable, Fixture) {
    const Genome genome = homogeneous(network, 3);
    BOOST_CHECK(Quantiser(network, calibration, {}).assemble(genome) ==
                Quantiser(network, calibration, {}).assemble(genome));
}

BOOST_FIXTURE_TEST_CASE(bad_input_is_refused_with_what_was_found, Fixture) {
    const auto refuses = [](const char* part, const auto& call) {
        BOOST_CHECK_EXCEPTION(call(), DataError, [&](const DataError& e) {
            return std::string(e.what()).find(part) != std::string::npos;
        });
    };
    refuses("too few sequences", [&] { calibrate(network, {calibration[0].leftCols(8)}); });
    refuses("9 features, but the network reads 10", [&] { calibrate(network, random_sequences(1, 4, 9, 50)); });
    FloatNetwork broken = network;
    std::get<FloatGru>(broken.layers[0]).weight_hh(3, 3) = std::nanf("");
    refuses("layer 0", [&] { calibrate(broken, calibration); });
    Genome genome = homogeneous(network, 8);
    genome.layers[0].gru[7] = 9;
    BOOST_CHECK_THROW(Quantiser(network, calibration, {}).assemble(genome), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(levels_are_those_of_the_width) {
    BOOST_CHECK_EQUAL(nearest_level(0.2, 2), 1);
    BOOST_CHECK_EQUAL(nearest_level(-0.2, 2), -1);
    BOOST_CHECK_EQUAL(nearest_level(9, 2), 3);
    BOOST_CHECK_EQUAL(nearest_level(-9, 3), -7);
    BOOST_CHECK_EQUAL(nearest_level(2.1, 3), 3);
    BOOST_CHECK_EQUAL(nearest_level(0.2, 4), 0);
    BOOST_CHECK_EQUAL(nearest_level(-99, 4), -7);
    BOOST_CHECK_EQUAL(nearest_level(0.4, ternary_width), 0);
    BOOST_CHECK_EQUAL(nearest_level(0.0, binary_width), 1);
}

BOOST_AUTO_TEST_CASE(input_levels_keep_zero_and_cover_the_range) {
    Samples samples;
    for (int i = 0; i <= 1000; ++i) samples.push_back(static_cast<float>(i) / 1000);
    for (int bits = 2; bits <= 8; ++bits) {
        const InputQuantiser input = search_input(samples, bits);
        BOOST_CHECK_EQUAL(input.zero_point, signed_min(bits));
        BOOST_CHECK_EQUAL(input(0.0f), input.zero_point);
        const double step = static_cast<double>(input.scale);
        BOOST_CHECK_SMALL((input(0.5f) - input.zero_point) * step - 0.5, 0.51 * step);
    }
}

BOOST_AUTO_TEST_CASE(bias_folds_the_zero_point_exactly) {
    QuantisedMatrix matrix{2, 3, 8, {1, 2, 3, -4, 5, -6}, {0.5, 0.25}, {0, 0}};
    const FixedGate gate(1.0, 0.5);
    const Linear linear = gate.linear(matrix, 1.0, true);
    const Bias plain = gate.bias({0, 0}, 16), folded = gate.bias({0, 0}, 16, &linear, 3);
    BOOST_CHECK_EQUAL(plain.at(0), 0);
    const double unit = static_cast<double>(std::int64_t{1} << folded.shift);
    BOOST_CHECK_SMALL(static_cast<double>(folded.at(0)) + 3.0 * 6 * linear.multiplier[0], unit);
    BOOST_CHECK_SMALL(static_cast<double>(folded.at(1)) - 3.0 * 5 * linear.multiplier[1], unit);
}

BOOST_AUTO_TEST_SUITE_END()
