// Networks that inherit the weights of a network of another size.
#include "offline_search/network/inherit.h"

#include <array>
#include <boost/test/unit_test.hpp>

#include "offline_search/training/backprop.h"

using namespace gruve;

namespace {

/// inputs → dense → GRU → two outputs.
FloatNetwork network(int inputs, int dense, int hidden, std::uint64_t seed) {
    FloatNetwork n;
    n.layers.push_back(random_dense(inputs, dense, Activation::tanh, seed));
    n.layers.push_back(random_gru(dense, hidden, seed + 1));
    n.layers.push_back(random_dense(hidden, 2, Activation::sigmoid, seed + 2));
    return n;
}

float largest_difference(const Matrix& a, const Matrix& b) { return (a - b).cwiseAbs().maxCoeff(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(inheritance)

BOOST_AUTO_TEST_CASE(a_network_that_grew_gives_the_same_outputs_and_can_learn_with_what_is_new) {
    const FloatNetwork from = network(5, 4, 6, 1);
    FloatNetwork to = network(8, 7, 9, 10);
    BOOST_TEST(inherit(from, to));
    const Matrix x = Matrix::Random(8, 40);
    BOOST_TEST(largest_difference(from.forward(x.topRows(5)), to.forward(x)) < 1e-6f);

    Backprop backprop(to);
    FloatNetwork gradient = zeros_like(to);
    backprop.backward(backprop.forward(x, 1), gradient);
    BOOST_TEST(std::get<FloatDense>(gradient.layers[0]).weight(0, 7) != 0.0f);  // from a new input to an inherited unit
    BOOST_TEST(std::get<FloatDense>(gradient.layers[2]).weight(0, 8) != 0.0f);  // from a new unit to an output
}

BOOST_AUTO_TEST_CASE(a_network_that_shrank_keeps_the_units_that_are_read) {
    FloatNetwork from = network(5, 4, 6, 1);
    auto& gru = std::get<FloatGru>(from.layers[1]);
    for (const int idle : {0, 3}) {  // no layer reads these
        gru.weight_hh.col(idle).setZero();
        std::get<FloatDense>(from.layers[2]).weight.col(idle).setZero();
    }
    FloatNetwork to = network(5, 4, 4, 10);
    BOOST_TEST(inherit(from, to));
    const Matrix x = Matrix::Random(5, 40);
    BOOST_TEST(largest_difference(from.forward(x), to.forward(x)) < 1e-6f);
}

BOOST_AUTO_TEST_CASE(networks_of_other_layers_are_refused_and_nothing_is_changed) {
    const FloatNetwork from = network(5, 4, 6, 1);
    FloatNetwork to = from;
    to.layers.erase(to.layers.begin());
    const Matrix before = std::get<FloatGru>(to.layers[0]).weight_ih;
    BOOST_TEST(!inherit(from, to));
    BOOST_TEST(largest_difference(before, std::get<FloatGru>(to.layers[0]).weight_ih) == 0.0f);
}

/// Per band: 4 inputs → dense → blocks of [GRU over bands, adds, GRU over time, adds] → 2 outputs.
FloatNetwork dual_path(int bands, int channels, int blocks, std::uint64_t seed) {
    FloatNetwork n;
    n.bands = bands;
    FloatDense first = random_dense(4, channels, Activation::tanh, seed);
    first.by_band = Matrix::Random(channels, bands);
    n.layers.push_back(first);
    const auto add_dense = [&] {
        n.layers.push_back(random_dense(channels, channels, Activation::none, ++seed));
        std::get<FloatDense>(n.layers.back()).adds = true;
    };
    for (int block = 0; block < blocks; ++block) {
        n.layers.push_back(random_band_gru(channels, channels / 2, ++seed));
        add_dense();
        n.layers.push_back(random_gru(channels, channels, ++seed));
        add_dense();
    }
    n.layers.push_back(random_dense(channels, 2, Activation::sigmoid, ++seed));
    return n;
}

BOOST_AUTO_TEST_CASE(a_network_of_bands_that_grew_gives_the_same_outputs_and_can_learn_with_what_is_new) {
    const int bands = 5;
    const FloatNetwork from = dual_path(bands, 6, 1, 1);
    FloatNetwork to = dual_path(bands, 10, 3, 50);
    BOOST_TEST(inherit(from, to));
    const Matrix x = Matrix::Random(4 * bands, 30);
    BOOST_TEST(largest_difference(from.forward(x), to.forward(x)) < 1e-5f);

    Backprop backprop(to);
    FloatNetwork gradient = zeros_like(to);
    Matrix slope = backprop.forward(x, 1);
    backprop.backward(slope, gradient);
    BOOST_TEST(std::get<FloatDense>(gradient.layers.back()).weight(0, 9) != 0.0f);  // from a new channel to an output
    BOOST_TEST(std::get<FloatDense>(gradient.layers[6]).weight(0, 0) != 0.0f);      // of a new block
    BOOST_TEST(std::get<FloatGru>(gradient.layers[3]).weight_ih(0, 9) != 0.0f);     // from a new channel to an old unit
}

BOOST_AUTO_TEST_CASE(a_network_of_bands_never_shrinks) {
    for (const auto& [channels, blocks, bands] : {std::array{4, 2, 5}, {6, 1, 5}, {6, 2, 4}}) {
        FloatNetwork to = dual_path(bands, channels, blocks, 9);
        const FloatNetwork before = to;
        BOOST_TEST(!inherit(dual_path(5, 6, 2, 1), to));
        const Matrix x = Matrix::Random(4 * bands, 8);
        BOOST_TEST(largest_difference(before.forward(x), to.forward(x)) == 0.0f);
    }
}

BOOST_AUTO_TEST_SUITE_END()
