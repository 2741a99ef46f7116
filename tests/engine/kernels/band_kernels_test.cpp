// Networks of bands: every kernel of this build equals the reference bit for bit.
#include <boost/test/unit_test.hpp>
#include <limits>

#include "engine/kernels/kernel.h"
#include "engine/kernels/network.h"
#include "engine/model/check_model.h"
#include "engine/model/reference.h"
#include "tests/engine/tiny_bands.h"
#include "tests/real_time/violations.h"

namespace {

using namespace gruve;
using kernels::Kernel;
using tiny::BandSizes;

std::vector<const Kernel*> kernels_here() {
    std::vector<const Kernel*> here;
    for (const Kernel* kernel : kernels::all())
        if (kernel->runs_here()) here.push_back(kernel);
    return here;
}

// Uniform values, small values and extremes in turn.
void next_input(tiny::Random& random, int step, std::vector<std::int8_t>& x) {
    for (auto& value : x) {
        const int size = step % 3 == 0 ? 128 : 20;
        value = step % 3 == 2 ? (random() % 2 ? std::int8_t{-128} : std::int8_t{127})
                              : static_cast<std::int8_t>(tiny::uniform(random, -size, size - 1));
    }
}

struct Outputs {
    std::vector<std::int16_t> y;
    explicit Outputs(const Model& model) : y(static_cast<std::size_t>(model.output_size())) {}
};

void check_equal(const Model& model, const Kernel& kernel, Resident resident, const std::string& what) {
    const Network network(model, resident, kernel);
    Network::State state(network);
    ReferenceState reference(model);
    tiny::Random random(7);
    std::vector<std::int8_t> x(static_cast<std::size_t>(model.input_size()));
    Outputs played(model), expected(model);
    for (int round = 0; round < 2; ++round) {
        for (int t = 0; t < 7; ++t) {
            next_input(random, t, x);
            network.step(state, x, played.y);
            reference_step(model, reference, x, expected.y);
            if (played.y == expected.y) continue;
            BOOST_ERROR(std::string(kernel.name) + (resident == Resident::compact ? ", compact, " : ", ") + what +
                        ", step " + std::to_string(t) + " differs from the reference");
            return;
        }
        state.reset();
        reference.reset();
    }
}

/// On every kernel. Counts the networks that were left to the reference.
int check_equal(const Model& model, const std::string& what) {
    BOOST_REQUIRE_EQUAL(check(model), "");
    int left = 0;
    for (const Kernel* kernel : kernels_here())
        for (const Resident resident : {Resident::fast, Resident::compact}) {
            check_equal(model, *kernel, resident, what);
            left += kernel->block_rows > 0 && Network(model, resident, *kernel).reference_layers() > 0;
        }
    return left;
}

std::string name_of(const BandSizes& s) {
    return std::to_string(s.bands) + " bands, " + std::to_string(s.inputs) + " → " + std::to_string(s.channels) +
           " channels, " + std::to_string(s.hidden) + " each way → " + std::to_string(s.outputs);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(band_kernel_equality)

BOOST_AUTO_TEST_CASE(every_size_equals_the_reference) {
    tiny::Random random(1);
    for (const int channels : {1, 2, 3, 5, 8, 12, 16, 17, 24, 31, 32, 33, 40, 48, 63, 64, 65, 130}) {
        const BandSizes sizes{.bands = tiny::uniform(random, 2, 9),
                              .inputs = tiny::uniform(random, 1, 9),
                              .channels = channels,
                              .hidden = tiny::uniform(random, 1, channels),
                              .blocks = 1,
                              .outputs = tiny::uniform(random, 1, 5)};
        BOOST_TEST(check_equal(tiny::random_bands(static_cast<unsigned>(channels), sizes), name_of(sizes)) == 0);
    }
    BOOST_TEST(check_equal(tiny::random_bands(1, {.bands = 128, .blocks = 1}), "128 bands") == 0);
    BOOST_TEST(check_equal(tiny::random_bands(1, {.bands = 40, .inputs = 4, .channels = 24, .hidden = 12}),
                           "the size of a denoiser") == 0);
}

BOOST_AUTO_TEST_CASE(every_width_equals_the_reference) {
    tiny::Random random(2);
    for (int i = 0; i < 60; ++i) {
        const BandSizes sizes{.bands = tiny::uniform(random, 2, 7),
                              .inputs = tiny::uniform(random, 1, 5),
                              .channels = tiny::uniform(random, 1, 40),
                              .hidden = tiny::uniform(random, 1, 40),
                              .blocks = tiny::uniform(random, 1, 3),
                              .outputs = tiny::uniform(random, 1, 70)};
        const auto activation = static_cast<Activation>(i % 3);
        const Model model = i < 8 ? tiny::random_bands(
                                        random, sizes, [&] { return tiny::all_widths(std::max(2, i + 1)); }, activation)
                                  : tiny::random_bands(
                                        random, sizes, [&] { return tiny::random_widths(random); }, activation);
        check_equal(model, "network " + std::to_string(i) + ", " + name_of(sizes));
    }
}

// Dense layers one after the other, some of which start the path anew; and loud sums, so that the path saturates.
BOOST_AUTO_TEST_CASE(any_order_of_layers_equals_the_reference) {
    for (int i = 0; i < 20; ++i) {
        tiny::Random random(static_cast<unsigned>(i));
        Model model = tiny::random_bands(random, {.bands = 3, .channels = 20, .hidden = 9, .blocks = 1},
                                         [&] { return tiny::all_widths(8); });
        const auto at = [&](int layer) { return model.layers.begin() + layer; };
        DenseLayer loud = tiny::random_adding_dense(random, 20, 20, 8, tiny::uniform(random, 2, 8));
        loud.shift = static_cast<std::int8_t>(std::max(0, loud.shift - 3));
        loud.copy.shift = static_cast<std::int8_t>(tiny::uniform(random, 10, 28));
        model.layers.insert(at(1), loud);
        DenseLayer anew = tiny::random_dense(random, 20, 70, i % 2 ? Activation::tanh : Activation::none);
        anew.lift = static_cast<std::uint8_t>(i % 9);
        model.layers.insert(at(4), {anew, tiny::random_adding_dense(random, 70, 70, 8, 5),
                                    tiny::random_dense(random, 70, 20, Activation::tanh)});
        check_equal(model, "order " + std::to_string(i));
    }
}

BOOST_AUTO_TEST_CASE(a_sum_beyond_32_bits_leaves_the_network_to_the_reference) {
    Model model = tiny::random_bands(5, {});
    auto& gru = std::get<BandGruLayer>(model.layers[1]).backward;
    gru.ir.weights.assign(gru.ir.weights.size(), 127);
    gru.ir.multiplier.assign(1, std::numeric_limits<std::int16_t>::max());
    gru.shift_r = 0;
    BOOST_TEST(check_equal(model, "a sum of more than 32 bits") > 0);
}

BOOST_AUTO_TEST_CASE(a_batch_gives_what_single_steps_give) {
    tiny::Random random(3);
    for (const Kernel* kernel : kernels_here()) {
        const Network network(tiny::random_bands(4, {.bands = 6, .channels = 24, .hidden = 12}), Resident::fast,
                              *kernel);
        const auto inputs = static_cast<std::size_t>(network.input_size()),
                   outputs = static_cast<std::size_t>(network.output_size());
        constexpr std::size_t batch = 11;
        std::vector<Network::State> together, alone;
        for (std::size_t i = 0; i < batch; ++i) together.emplace_back(network), alone.emplace_back(network);
        std::vector<std::int8_t> x(batch * inputs);
        std::vector<std::int16_t> y(batch * outputs), expected(batch * outputs);
        for (int t = 0; t < 6; ++t) {
            next_input(random, t, x);
            const bool wanted = t % 3 != 1;
            network.step_batch(together, x, wanted ? std::span(y) : std::span<std::int16_t>());
            for (std::size_t i = 0; i < batch; ++i)
                network.step(alone[i], std::span(x).subspan(i * inputs, inputs),
                             std::span(expected).subspan(i * outputs, outputs));
            if (wanted) BOOST_TEST((y == expected), kernel->name << ", step " << t);
        }
    }
}

BOOST_AUTO_TEST_CASE(steps_are_real_time_safe) {
    for (const Kernel* kernel : kernels_here()) {
        const Network network(tiny::random_bands(4, {}), Resident::fast, *kernel);
        Network::State state(network);
        const std::vector<std::int8_t> x(static_cast<std::size_t>(network.input_size()), 3);
        std::vector<std::int16_t> y(static_cast<std::size_t>(network.output_size()));
        const auto found = test::violations_of([&] {
            for (int t = 0; t < 3; ++t) network.step(state, x, y);
            state.reset();
            network.step_batch({&state, 1}, x, {});
        });
        BOOST_TEST((found == test::Violations{}), kernel->name << ": " << to_string(found));
    }
}

BOOST_AUTO_TEST_CASE(compact_networks_take_less_memory) {
    const Model model = tiny::random_bands(1, {.bands = 40, .inputs = 4, .channels = 32, .hidden = 16}, 4);
    for (const Kernel* kernel : kernels_here()) {
        if (kernel->block_rows == 0) continue;
        const auto bytes = [&](Resident resident) { return Network(model, resident, *kernel).resident_bytes(); };
        BOOST_TEST(bytes(Resident::compact) < bytes(Resident::fast), kernel->name);
    }
}

BOOST_AUTO_TEST_SUITE_END()
