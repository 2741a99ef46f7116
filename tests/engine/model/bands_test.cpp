// Networks of bands: the reference agrees with chains wherever a chain does the same, and check() names what is wrong.
#include <boost/test/unit_test.hpp>
#include <functional>

#include "engine/float_kernels/playable_float_model.h"
#include "engine/model/check_model.h"
#include "engine/model/reference.h"
#include "tests/engine/tiny_bands.h"

namespace {

using namespace gruve;

std::vector<std::int8_t> random_input(tiny::Random& random, int count) {
    std::vector<std::int8_t> x(static_cast<std::size_t>(count));
    for (auto& value : x) value = static_cast<std::int8_t>(tiny::uniform(random, -128, 127));
    return x;
}

std::vector<std::int16_t> step(const Model& model, ReferenceState& state, const std::vector<std::int8_t>& x) {
    std::vector<std::int16_t> y(static_cast<std::size_t>(model.output_size()));
    reference_step(model, state, x, y);
    return y;
}

/// Band `band` of values in a network's order.
template <class T>
std::vector<T> of_band(const std::vector<T>& values, int bands, int band) {
    std::vector<T> made;
    for (std::size_t i = static_cast<std::size_t>(band); i < values.size(); i += static_cast<std::size_t>(bands))
        made.push_back(values[i]);
    return made;
}

/// dense tanh → layer → dense of 16 bits, in a chain or in a network of bands.
Model around(const Layer& layer, int inputs, int bands) {
    tiny::Random random(3);
    Model model;
    model.bands = bands;
    model.layers.emplace_back(tiny::random_dense(random, inputs, input_size(layer), Activation::tanh));
    model.layers.push_back(layer);
    model.layers.emplace_back(tiny::random_dense(random, output_size(layer), 3, Activation::none, {8, wide_width, 8}));
    return model;
}

/// A dense layer without bias that returns its inputs, times `factor`, at `bits` bits.
DenseLayer identity(int size, int factor, int bits) {
    DenseLayer dense;
    dense.widths.pre_activation = static_cast<std::uint8_t>(bits);
    dense.linear = {size, size, 8, std::vector<std::int8_t>(static_cast<std::size_t>(size * size), 0), {1}};
    for (int i = 0; i < size; ++i) dense.linear.weights[static_cast<std::size_t>(i * (size + 1))] = 1;
    dense.linear.multiplier = {static_cast<std::int16_t>(factor)};
    dense.bias = {16, 0, std::vector<std::int16_t>(static_cast<std::size_t>(size), 0)};
    return dense;
}

/// What check() says of a sound network after this change.
std::string error_of(const std::function<void(Model&)>& change) {
    Model model = tiny::random_bands(1, {});
    BOOST_REQUIRE_EQUAL(check(model), "");
    change(model);
    return check(model);
}

DenseLayer& dense(Model& model, std::size_t i) { return std::get<DenseLayer>(model.layers[i]); }

}  // namespace

BOOST_AUTO_TEST_SUITE(networks_of_bands)

BOOST_AUTO_TEST_CASE(a_gru_over_time_does_in_each_band_what_it_does_in_a_chain) {
    constexpr int bands = 4, inputs = 3;
    tiny::Random random(1);
    const GruLayer gru = tiny::random_gru(random, 6, 5, tiny::all_widths(8));
    const Model together = around(gru, inputs, bands), chain = around(gru, inputs, 1);
    BOOST_REQUIRE_EQUAL(check(together), "");
    ReferenceState state(together);
    std::vector<ReferenceState> alone(bands, ReferenceState(chain));
    for (int t = 0; t < 20; ++t) {
        const auto x = random_input(random, together.input_size());
        const auto y = step(together, state, x);
        for (int b = 0; b < bands; ++b)
            BOOST_TEST(of_band(y, bands, b) == step(chain, alone[static_cast<std::size_t>(b)], of_band(x, bands, b)));
    }
}

BOOST_AUTO_TEST_CASE(a_gru_over_bands_does_over_bands_what_a_gru_does_over_time) {
    constexpr int bands = 7, inputs = 2, hidden = 4;
    tiny::Random random(2);
    const BandGruLayer gru = tiny::random_band_gru(random, 6, hidden, tiny::all_widths(6));
    Model both = around(gru, inputs, bands);
    both.layers.back() = identity(2 * hidden, 1, 16);
    const auto one_way = [&](const GruLayer& direction) {
        Model chain{{}, {both.layers[0], direction, identity(hidden, 1, 16)}};
        return chain;
    };
    const Model forward = one_way(gru.forward), backward = one_way(gru.backward);
    BOOST_REQUIRE_EQUAL(check(both), "");
    ReferenceState state(both);
    for (int t = 0; t < 3; ++t) {  // nothing is left of an earlier frame
        const auto x = random_input(random, both.input_size());
        const auto y = step(both, state, x);
        ReferenceState up(forward), down(backward);
        for (int i = 0; i < bands; ++i) {
            const auto a = of_band(y, bands, i), b = of_band(y, bands, bands - 1 - i);
            const auto expected_a = step(forward, up, of_band(x, bands, i)),
                       expected_b = step(backward, down, of_band(x, bands, bands - 1 - i));
            BOOST_TEST((std::vector(a.begin(), a.begin() + hidden) == expected_a));
            BOOST_TEST((std::vector(b.begin() + hidden, b.end()) == expected_b));
        }
    }
}

// Two bands, one channel; all numbers by hand.
BOOST_AUTO_TEST_CASE(the_path_is_a_sum_that_saturates_and_is_read_as_a_copy) {
    Model model;
    model.bands = 2;
    DenseLayer first = identity(1, 1, 8), adding = identity(1, 250, wide_width);
    first.by_band = {8, 1, {3, -3}};  // 6 and −6
    first.lift = 7;
    adding.adds = true;
    adding.copy = {1, 8};
    adding.copy_width = 7;
    model.layers = {first, adding, identity(1, 1, 16)};
    BOOST_REQUIRE_EQUAL(check(model), "");
    ReferenceState state(model);
    // 10 → 16, path 2048 + 16·250 = 6048, copy 23.625 → 24. 10 → 4, path 512 + 1000 = 1512, copy 5.9 → 6.
    BOOST_TEST((step(model, state, {10, 10}) == std::vector<std::int16_t>{24, 6}));
    // 127 → 127, path 16256 + 31750 → 32767, copy 128 → 63. −128 → −128, path −16384 − 32000 → −32768, copy → −64.
    BOOST_TEST((step(model, state, {127, -128}) == std::vector<std::int16_t>{63, -64}));
}

BOOST_AUTO_TEST_CASE(bytes_count_both_directions_and_biases_by_band) {
    const tiny::BandSizes sizes{.bands = 5, .channels = 8, .hidden = 4, .blocks = 1};
    Model model = tiny::random_bands(1, sizes);
    const ParameterBytes bytes = parameter_bytes(model);
    BOOST_TEST(bytes.weights == 3u * 8 + 2 * (3 * 4 * 8 + 3 * 4 * 4) + 8 * 8 + 2 * 3 * 8 * 8 + 8 * 8 + 8 * 2);
    std::get<DenseLayer>(model.layers[0]).by_band = {};
    BOOST_TEST(bytes.biases - parameter_bytes(model).biases == 5u * 8);
    BOOST_TEST(bytes.total() > bytes.weights + bytes.biases + bytes.multipliers + bytes.tables);
}

BOOST_AUTO_TEST_CASE(check_names_the_place_and_the_range) {
    const auto over_bands = [](Model& m) -> BandGruLayer& { return std::get<BandGruLayer>(m.layers[1]); };
    const std::pair<std::string, std::function<void(Model&)>> faults[] = {
        {"model: bands 0, allowed 1..128", [](Model& m) { m.bands = 0; }},
        {"model: bands 129, allowed 1..128", [](Model& m) { m.bands = 129; }},
        {"layer 0: adds, lift or by_band in a network of one band, allowed with 2..128",
         [](Model& m) { m.bands = 1, m.layers.resize(max_layers); }},
        {"layer 0, by_band: number of values 40, allowed 48", [](Model& m) { m.bands = 6; }},
        {"layer 0, by_band: 9 bits, allowed 8 or 16", [&](Model& m) { dense(m, 0).by_band.width = 9; }},
        {"layer 0: lift 9, allowed 0..8", [&](Model& m) { dense(m, 0).lift = 9; }},
        {"layer 0: the first layer of a network of bands, allowed is a dense layer that does not add",
         [](Model& m) { m.layers.erase(m.layers.begin()); }},
        {"layer 8: the last layer of a network of bands, allowed is a dense layer that does not add",
         [](Model& m) { m.layers.pop_back(); }},
        {"layer 1: a sigmoid is allowed in the last layer only", [](Model& m) { m.layers[1] = m.layers.back(); }},
        {"layer 2: a GRU after a GRU, allowed after a dense layer",
         [](Model& m) { m.layers.insert(m.layers.begin() + 2, m.layers[1]); }},
        {"layer 2: it adds and has an activation, allowed one of them",
         [&](Model& m) { dense(m, 2).activation = Activation::tanh; }},
        {"layer 2, pre-activation: 8 bits, allowed 16 as it adds",
         [&](Model& m) { dense(m, 2).widths.pre_activation = 8; }},
        {"layer 2, copy of the path: 9 bits, allowed 2..8", [&](Model& m) { dense(m, 2).copy_width = 9; }},
        {"layer 2, copy of the path: shift 47, allowed 0..46", [&](Model& m) { dense(m, 2).copy.shift = 47; }},
        {"layer 2: output size 7, but the path that it adds to has 8 channels",
         [&](Model& m) {
             tiny::Random random(1);
             m.layers[2] = tiny::random_adding_dense(random, 8, 7, 8, 8);
         }},
        {"layer 1: input size 7, but layer 0 gives 8",
         [](Model& m) {
             tiny::Random random(1);
             m.layers[1] = tiny::random_band_gru(random, 7, 4, tiny::all_widths(8));
         }},
        {"layer 1, backward, operator add_z: shift 47, allowed 0..46",
         [&](Model& m) { over_bands(m).backward.shift_z = 47; }},
        {"layer 1, backward, operator linear_ir: 7 bits, allowed 8 as forward",
         [&](Model& m) {
             tiny::Random random(1);
             over_bands(m).backward = tiny::random_gru(random, 8, 4, tiny::all_widths(7));
         }},
        {"layer 1, backward: hidden size 5, allowed 4 as forward",
         [&](Model& m) {
             tiny::Random random(1);
             over_bands(m).backward = tiny::random_gru(random, 8, 5, tiny::all_widths(8));
         }},
        {"layer 1, backward: a state of 8 bits, allowed 16 as forward",
         [&](Model& m) { over_bands(m).backward.narrow_state = true; }},
        {"model: 25 layers, allowed 1..24",
         [](Model& m) { m.layers.insert(m.layers.begin() + 2, 25 - m.layers.size(), m.layers[2]); }},
    };
    for (const auto& [error, change] : faults) BOOST_TEST(error_of(change) == error);
    Model chain;
    tiny::Random random(1);
    chain.layers.emplace_back(tiny::random_band_gru(random, 3, 4, tiny::all_widths(8)));
    BOOST_TEST(check(chain) == "layer 0: a GRU over bands in a network of one band, allowed with 2..128");
}

BOOST_AUTO_TEST_CASE(check_of_a_float_network_names_the_place_and_the_range) {
    const auto error_of = [](const std::function<void(FloatModel&)>& change) {
        FloatModel model = tiny::random_float_bands(1, {});
        BOOST_REQUIRE_EQUAL(check(model), "");
        change(model);
        return check(model);
    };
    const auto dense = [](FloatModel & m, std::size_t i) -> auto& { return std::get<FloatModel::Dense>(m.layers[i]); };
    const std::pair<std::string, std::function<void(FloatModel&)>> faults[] = {
        {"float model: bands 129, allowed 1..128", [](FloatModel& m) { m.bands = 129; }},
        {"float layer 0: adds or by_band in a network of one band, allowed with 2..128",
         [](FloatModel& m) { m.bands = 1, m.layers.resize(max_layers); }},
        {"float layer 0: 40 values, expected 48", [](FloatModel& m) { m.bands = 6; }},
        {"float layer 0: the first layer of a network of bands, allowed is a dense layer that does not add",
         [&](FloatModel& m) { dense(m, 0).adds = true; }},
        {"float layer 1: backward has 8 inputs and 5 units, allowed 8 and 4 as forward",
         [](FloatModel& m) { std::get<FloatModel::BandGru>(m.layers[1]).backward.hidden_size = 5; }},
        {"float layer 2: a GRU after a GRU, allowed after a dense layer",
         [](FloatModel& m) { m.layers.insert(m.layers.begin() + 2, m.layers[1]); }},
        {"float layer 2: it adds and has an activation, allowed one of them",
         [&](FloatModel& m) { dense(m, 2).activation = Activation::tanh; }},
        {"float layer 2: gives 7 values, but the path that it adds to has 8",
         [&](FloatModel& m) { dense(m, 2).output_size = 7; }},
        {"float layer 1: a value is not finite",
         [](FloatModel& m) { std::get<FloatModel::BandGru>(m.layers[1]).backward.bias_hh[0] = INFINITY; }},
    };
    for (const auto& [error, change] : faults) BOOST_TEST(error_of(change) == error);
}

BOOST_AUTO_TEST_SUITE_END()
