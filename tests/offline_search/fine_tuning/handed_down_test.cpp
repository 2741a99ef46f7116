// Weights that a fine-tuned genome hands down to another one.
#include "offline_search/fine_tuning/handed_down.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "offline_search/fine_tuning/fine_tune.h"
#include "offline_search/quantisation/genome.h"
#include "offline_search/tasks/classification/distillation.h"
#include "tests/offline_search/random_network.h"

using namespace gruve;

namespace {

struct Fixture {
    FloatNetwork network = random_network(7, 10, 16, 5);
    std::vector<Matrix> calibration = random_sequences(1, 40, 10, 30);
    Quantiser quantiser{network, calibration, {}};
    Genome parent = homogeneous(network, 4);
    Distillation goal{network, random_sequences(3, 100, 10, 30), 1, 30, 16};
    TunedWeights tuned = fine_tune(quantiser, parent, goal, {.epochs = 2, .learning_rate = 5e-3f});

    TunedWeights to(const Genome& genome) const {
        return handed_down(genome, parent, tuned, calibration, calibrated_strategy());
    }
};

/// The mean squared distance between the matrix's values and real numbers (rows × columns).
double distance(const QuantisedMatrix& q, const Matrix& real) {
    double sum = 0;
    for (int row = 0; row < q.rows; ++row)
        for (int col = 0; col < q.cols; ++col) {
            const double value =
                q.scale[static_cast<std::size_t>(row)] * q.levels[static_cast<std::size_t>(row * q.cols + col)];
            sum += std::pow(value - static_cast<double>(real(row, col)), 2);
        }
    return sum / (q.rows * q.cols);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(handing_down)

BOOST_FIXTURE_TEST_CASE(a_genome_of_the_same_widths_gets_its_parents_model, Fixture) {
    BOOST_CHECK(quantiser.assemble(parent, to(parent)) == quantiser.assemble(parent, tuned));
    Genome other_table = parent;  // a width that no weight has
    other_table.layers[0].gru[static_cast<std::size_t>(Operator::sigmoid_r)] = 6;
    BOOST_CHECK(quantiser.assemble(other_table, to(other_table)) == quantiser.assemble(other_table, tuned));
}

BOOST_FIXTURE_TEST_CASE(matrices_of_another_width_are_made_of_the_parents_real_numbers, Fixture) {
    Genome child = parent;
    child.layers[0].gru[static_cast<std::size_t>(Operator::linear_hn)] = 3;
    const TunedWeights start = to(child);
    BOOST_CHECK(start.matrices[0][0].levels == tuned.matrices[0][0].levels);  // ir
    const QuantisedMatrix& hn = start.matrices[0][5];
    BOOST_CHECK_EQUAL(hn.width, 3);
    const Matrix real = std::get<FloatGru>(tuned.biases.layers[0]).weight_hh.bottomRows(16),
                 untuned = std::get<FloatGru>(network.layers[0]).weight_hh.bottomRows(16);
    BOOST_REQUIRE_GT((real - untuned).norm(), 0);
    BOOST_CHECK_LT(distance(hn, real), distance(hn, untuned));
    BOOST_CHECK_LT(distance(hn, real), distance(quantiser.weights(child).matrices[0][5], real));
    quantiser.assemble(child, start);  // throws if the model isn't sound
}

BOOST_FIXTURE_TEST_CASE(other_multipliers_mean_new_levels_everywhere, Fixture) {
    Genome child = parent;
    child.row_multipliers = false;
    for (const auto& layer : to(child).matrices)
        for (const QuantisedMatrix& matrix : layer)
            for (const double scale : matrix.scale) BOOST_REQUIRE_EQUAL(scale, matrix.scale.front());
}

BOOST_FIXTURE_TEST_CASE(a_parent_of_another_float_network_is_refused, Fixture) {
    Genome child = parent;
    child.network = 1;
    BOOST_CHECK_THROW(to(child), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
