// The error of an integer network of bands against the float one.
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/kernels/network.h"
#include "engine/model/reference.h"
#include "offline_search/quantisation/genome.h"
#include "offline_search/quantisation/quantiser.h"
#include "offline_search/search/genes.h"
#include "tests/offline_search/random_network.h"
#include "tests/offline_search/small_network_of_bands.h"

using namespace gruve;

namespace {

/// Runs on the machine's kernels.
Matrix run_integer(const Model& model, const Matrix& sequence) {
    const Network network(model);
    Network::State state(network);
    Matrix outputs(model.output_size(), sequence.cols());
    std::vector<std::int8_t> x(static_cast<std::size_t>(model.input_size()));
    std::vector<std::int16_t> y(static_cast<std::size_t>(model.output_size()));
    for (Eigen::Index t = 0; t < sequence.cols(); ++t) {
        for (std::size_t i = 0; i < x.size(); ++i) x[i] = model.input(sequence(static_cast<Eigen::Index>(i), t));
        network.step(state, x, y);
        for (std::size_t i = 0; i < y.size(); ++i)
            outputs(static_cast<Eigen::Index>(i), t) = static_cast<float>(y[i]) * model.output_scale;
    }
    return outputs;
}

struct Fixture {
    FloatNetwork network = small_network_of_bands();
    std::vector<Matrix> calibration = random_sequences(1, 40, 6, 50), unseen = random_sequences(2, 10, 6, 50);
    Quantiser quantiser{network, calibration, {}};

    double error(const Genome& genome) const {
        const Model model = quantiser.assemble(genome);
        double difference = 0, power = 0;
        for (const Matrix& sequence : unseen) {
            const Matrix exact = network.forward(sequence);
            difference += static_cast<double>((run_integer(model, sequence) - exact).squaredNorm());
            power += static_cast<double>((exact.colwise() - Vector(exact.rowwise().mean())).squaredNorm());
        }
        return std::sqrt(difference / power);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(quantise_bands)

BOOST_FIXTURE_TEST_CASE(each_width_stays_within_its_error_budget, Fixture) {
    const double budget[] = {0, 0, 4.0, 1.8, 0.9, 0.45, 0.23, 0.14, 0.1};
    for (int width = 3; width <= 8; ++width) {
        const double found = error(homogeneous(network, width));
        BOOST_TEST_MESSAGE("homogeneous " << width << " bit: relative error " << found);
        BOOST_TEST(found < budget[width], width << " bit: " << found << ", budget " << budget[width]);
    }
    BOOST_TEST(error(homogeneous(network, 8)) < error(homogeneous(network, 4)));
}

BOOST_FIXTURE_TEST_CASE(every_operator_has_a_gene_that_changes_the_model, Fixture) {
    const GeneSpace space(network, GeneScheme::further);
    const Genes high = space.high();
    const Model model = quantiser.assemble(space.decode(high));
    BOOST_TEST(space.size() == 2 * 17 + 3 + 2 * 2 + 3 + 3u);  // two GRUs, first, two sums, last; input, rows, biases
    for (std::size_t gene = 0; gene < space.size(); ++gene) {
        Genes lower = high;
        --lower[gene];
        const Model changed = quantiser.assemble(space.decode(lower));
        BOOST_TEST(!(changed == model), space.genes()[gene].name);
        BOOST_TEST(parameter_bytes(changed).total() <= parameter_bytes(model).total(), space.genes()[gene].name);
    }
    BOOST_TEST((space.encode(space.decode(high)) == high));
}

BOOST_FIXTURE_TEST_CASE(both_directions_share_widths_but_no_weights, Fixture) {
    const Model model = quantiser.assemble(homogeneous(network, 5));
    const auto& both = std::get<BandGruLayer>(model.layers[1]);
    BOOST_TEST((both.forward.widths == both.backward.widths));
    BOOST_TEST((both.forward.ir.weights != both.backward.ir.weights));
    BOOST_TEST((both.forward.copy == both.backward.copy));
}

BOOST_AUTO_TEST_SUITE_END()
