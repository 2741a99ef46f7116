// Every kernel of this build equals the reference bit for bit.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <limits>

#include "engine/kernels/kernel.h"
#include "engine/kernels/network.h"
#include "engine/model/check_model.h"
#include "engine/model/reference.h"
#include "tests/engine/tiny_models.h"

namespace {

using namespace gruve;
using kernels::Kernel;

std::vector<const Kernel*> kernels_here() {
    std::vector<const Kernel*> here;
    for (const Kernel* kernel : kernels::all())
        if (kernel->runs_here()) here.push_back(kernel);
    return here;
}

// In turn: uniform values, small values, both extremes mixed, and one extreme alone.
void next_input(tiny::Random& random, int step, std::vector<std::int8_t>& x) {
    for (auto& value : x) {
        switch (step % 4) {
            case 0:
                value = static_cast<std::int8_t>(tiny::uniform(random, -128, 127));
                break;
            case 1:
                value = static_cast<std::int8_t>(tiny::uniform(random, -20, 20));
                break;
            case 2:
                value = random() % 2 ? std::int8_t{-128} : std::int8_t{127};
                break;
            default:
                value = step % 8 == 3 ? std::int8_t{-128} : std::int8_t{127};
        }
    }
}

// Compares twelve steps, and twelve more after a reset.
void check_equal(const Model& model, const Kernel& kernel, const std::string& what,
                 Resident resident = Resident::fast) {
    BOOST_REQUIRE_EQUAL(check(model), "");
    const Network network(model, resident, kernel);
    Network::State state(network);
    ReferenceState reference(model);
    tiny::Random random(7);
    std::vector<std::int8_t> x(static_cast<std::size_t>(model.input_size()));
    std::vector<std::int16_t> y(static_cast<std::size_t>(model.output_size())), expected = y;
    for (int round = 0; round < 2; ++round) {
        for (int t = 0; t < 12; ++t) {
            next_input(random, t, x);
            network.step(state, x, y);
            reference_step(model, reference, x, expected);
            if (y == expected) continue;
            BOOST_ERROR(std::string(kernel.name) + ", " + what + ", step " + std::to_string(t) +
                        " differs from the reference");
            return;
        }
        state.reset();
        reference.reset();
    }
}

void check_equal(const Model& model, const std::string& what) {
    for (const Kernel* kernel : kernels_here()) {
        check_equal(model, *kernel, what);
        if (kernel->block_rows > 0) check_equal(model, *kernel, what + ", compact", Resident::compact);
    }
}

Model gru_model(tiny::Random& random, int inputs, int hidden, const GruWidths& widths, bool narrow = false,
                bool row_multipliers = true, int bias_width = 16) {
    Model model;
    model.layers.push_back(tiny::random_gru(random, inputs, hidden, widths, narrow, row_multipliers, bias_width));
    return model;
}

const std::vector<int> sizes = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11,  12,  13,
                                14, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129};

}  // namespace

BOOST_AUTO_TEST_SUITE(kernel_equality)

BOOST_AUTO_TEST_CASE(log_names_the_paths_run_and_skipped) {
    int ran = 0;
    for (const Kernel* kernel : kernels::all()) {
        const bool runs = kernel->runs_here();
        BOOST_TEST_MESSAGE("kernel " << kernel->name << (runs ? ": run" : ": SKIPPED, not supported by this machine"));
        ran += runs;
    }
    BOOST_TEST(ran >= 1);
}

BOOST_AUTO_TEST_CASE(every_hidden_size_equals_the_reference) {
    tiny::Random random(1);
    for (int hidden : sizes)
        for (int inputs : {1, 7, 40})
            check_equal(gru_model(random, inputs, hidden, tiny::all_widths(8)),
                        "(" + std::to_string(inputs) + "," + std::to_string(hidden) + ")");
}

BOOST_AUTO_TEST_CASE(every_input_size_equals_the_reference) {
    tiny::Random random(2);
    for (int inputs : sizes)
        check_equal(gru_model(random, inputs, 20, tiny::all_widths(8)), "(" + std::to_string(inputs) + ",20)");
}

BOOST_AUTO_TEST_CASE(every_homogeneous_width_equals_the_reference) {
    tiny::Random random(3);
    for (int width = min_width; width <= max_width; ++width)
        for (int hidden : {5, 33, 70})
            for (bool narrow : {false, true})
                check_equal(gru_model(random, 40, hidden, tiny::all_widths(width), narrow),
                            std::to_string(width) + " bits, H " + std::to_string(hidden));
}

BOOST_AUTO_TEST_CASE(layers_that_stay_packed_for_speed_equal_the_reference) {
    tiny::Random random(10);
    for (int width : {2, 3, 4}) {
        const Model model = gru_model(random, 40, 180, tiny::all_widths(width));
        check_equal(model, std::to_string(width) + " bits, H 180");
        for (const Kernel* kernel : kernels_here()) {
            const bool packed =
                Network(model, Resident::fast, *kernel).resident_bytes() < std::size_t{3} * 180 * (40 + 180);
            if (kernel->block_rows > 0)
                BOOST_TEST(packed == (width != 3 && kernel->packed_above < INT_MAX),
                           kernel->name << " at " << width << " bits");
        }
    }
}

BOOST_AUTO_TEST_CASE(random_genomes_equal_the_reference) {
    tiny::Random random(4);
    int fallen_back = 0, models = 0;
    for (int i = 0; i < 300; ++i) {
        const bool narrow = i % 3 == 0, row_multipliers = i % 2 == 0;
        const Model model = gru_model(random, tiny::uniform(random, 1, 48), tiny::uniform(random, 1, 80),
                                      tiny::random_widths(random), narrow, row_multipliers, i % 5 == 0 ? 8 : 16);
        check_equal(model, "random genome " + std::to_string(i));
        for (const Kernel* kernel : kernels_here())
            if (kernel->block_rows > 0)
                fallen_back += Network(model, Resident::fast, *kernel).reference_layers(), ++models;
    }
    // Models with reasonable scales never take the slow path.
    BOOST_TEST(fallen_back == 0, fallen_back << " of " << models << " were left to the reference");
}

BOOST_AUTO_TEST_CASE(extreme_operands_equal_the_reference) {
    tiny::Random random(5);
    for (int i = 0; i < 200; ++i) {
        Model model = gru_model(random, tiny::uniform(random, 1, 70), tiny::uniform(random, 1, 70),
                                tiny::random_widths(random), i % 2 == 0);
        auto& gru = std::get<GruLayer>(model.layers[0]);
        // All weights of a product at an extreme level, multipliers at either extreme, any shift.
        for (Linear* linear : {&gru.ir, &gru.iz, &gru.in, &gru.hr, &gru.hz, &gru.hn}) {
            if (random() % 2) {
                const auto largest = *std::max_element(linear->weights.begin(), linear->weights.end());
                const std::int8_t level =
                    level_allowed(random() % 2 ? -largest : largest, linear->width) ? largest : linear->weights[0];
                for (auto& w : linear->weights) w = random() % 16 ? level : static_cast<std::int8_t>(-level);
            }
            for (auto& m : linear->multiplier)
                if (random() % 2) m = random() % 2 ? std::int16_t{32767} : std::int16_t{0};
        }
        for (Bias* bias : {&gru.bias_r, &gru.bias_z, &gru.bias_n, &gru.bias_hn})
            for (auto& value : bias->values)
                if (random() % 2)
                    value = static_cast<std::int16_t>(random() % 2 ? signed_max(bias->width) : signed_min(bias->width));
        for (Requantiser* requantiser : {&gru.reset, &gru.one_minus, &gru.candidate, &gru.keep, &gru.copy})
            if (random() % 2)
                *requantiser = {static_cast<std::int16_t>(random() % 32768),
                                static_cast<std::int8_t>(tiny::uniform(random, 0, max_shift))};
        for (std::int8_t* shift : {&gru.shift_r, &gru.shift_z, &gru.shift_n, &gru.shift_hn, &gru.shift_state})
            if (random() % 3 == 0) *shift = static_cast<std::int8_t>(tiny::uniform(random, 0, max_shift));
        for (std::int16_t* m : {&gru.m_a, &gru.m_b, &gru.m_p})
            if (random() % 3 == 0) *m = std::numeric_limits<std::int16_t>::max();
        check_equal(model, "extreme model " + std::to_string(i));
    }
}

BOOST_AUTO_TEST_CASE(the_widest_layer_of_the_largest_weights_equals_the_reference) {
    constexpr int largest_size = 2048;
    tiny::Random random(8);
    for (const std::int8_t level : {std::int8_t{127}, std::int8_t{-127}}) {
        Model model;
        model.layers.push_back(tiny::random_dense(random, largest_size, 3, Activation::none));
        auto& dense = std::get<DenseLayer>(model.layers[0]);
        dense.linear.weights.assign(std::size_t{3} * largest_size, level);
        check_equal(model, "accumulators at their largest");
    }
}

// If pairs saturate, fast layers multiply such weights with unsigned activations and compact layers with signed ones.
BOOST_AUTO_TEST_CASE(weights_of_8_bits_that_are_all_small_equal_the_reference) {
    tiny::Random random(13);
    for (const int hidden : {16, 32, 70}) {
        Model model = gru_model(random, 40, hidden, tiny::all_widths(8));
        auto& gru = std::get<GruLayer>(model.layers[0]);
        for (Linear* linear : {&gru.ir, &gru.iz, &gru.in, &gru.hr, &gru.hz, &gru.hn})
            for (auto& weight : linear->weights) weight /= 2;
        check_equal(model, "H " + std::to_string(hidden));
    }
}

// σ and tanh are symmetric, which kernels use. The tables of a preset may have no symmetry.
BOOST_AUTO_TEST_CASE(tables_of_any_entries_equal_the_reference) {
    tiny::Random random(14);
    for (int width = min_width; width <= max_width; ++width)
        for (const int hidden : {8, 16, 33, 70}) {
            Model model = gru_model(random, 40, hidden, tiny::all_widths(width));
            auto& gru = std::get<GruLayer>(model.layers[0]);
            for (Table* table : {&gru.table_r, &gru.table_z})
                for (auto& entry : table->values)
                    entry = static_cast<std::int16_t>(tiny::uniform(random, 0, unsigned_max(width)));
            for (auto& entry : gru.table_n.values)
                entry = static_cast<std::int16_t>(tiny::uniform(random, -signed_max(width), signed_max(width)));
            check_equal(model, std::to_string(width) + " bits, H " + std::to_string(hidden));
        }
}

BOOST_AUTO_TEST_CASE(sums_that_could_leave_32_bits_go_through_the_reference) {
    tiny::Random random(9);
    const Model sound = gru_model(random, 40, 16, tiny::all_widths(8));
    Model loud = sound;
    auto& gru = std::get<GruLayer>(loud.layers[0]);
    gru.ir.weights.assign(gru.ir.weights.size(), 127);
    gru.ir.multiplier.assign(1, std::numeric_limits<std::int16_t>::max());
    gru.shift_r = 0;
    check_equal(loud, "a sum of more than 32 bits");
    for (const Kernel* kernel : kernels_here()) {
        if (kernel->block_rows == 0) continue;
        BOOST_TEST(Network(sound, Resident::fast, *kernel).reference_layers() == 0, kernel->name);
        BOOST_TEST(Network(loud, Resident::fast, *kernel).reference_layers() == 1, kernel->name);
    }
}

BOOST_AUTO_TEST_CASE(chains_with_dense_layers_equal_the_reference) {
    for (int i = 0; i < 40; ++i) {
        tiny::Random random(static_cast<std::uint64_t>(100 + i));
        const auto activation = static_cast<Activation>(i % 3);
        Model model = tiny::random_model(static_cast<std::uint64_t>(i), tiny::uniform(random, 1, 50),
                                         tiny::uniform(random, 1, 90), tiny::uniform(random, 1, 90), activation,
                                         tiny::random_widths(random));
        const int outputs = output_size(model.layers[1]);
        model.layers.insert(model.layers.begin() + 2,
                            tiny::random_gru(random, outputs, outputs, tiny::random_widths(random)));
        if (activation == Activation::none) {
            auto& last = std::get<DenseLayer>(model.layers.back());
            last.widths.pre_activation = wide_width;
            last.shift = static_cast<std::int8_t>(std::max(0, last.shift - 8));
        }
        check_equal(model, "chain " + std::to_string(i));
    }
}

// Covers whole blocks, blocks with a tail, layers on the reference, packed layers, and dense layers between and after.
BOOST_AUTO_TEST_CASE(a_batch_gives_what_single_steps_give) {
    tiny::Random random(12);
    std::vector<Model> models;
    for (const int hidden : {5, 16, 31, 32, 40, 63, 64, 65, 96, 128, 130}) {
        models.push_back(tiny::random_model(11, 12, hidden, 6, Activation::none));
        models.push_back(tiny::random_model(13, 41, hidden, 17, Activation::sigmoid, tiny::random_widths(random)));
        models.push_back(gru_model(random, 40, hidden, tiny::random_widths(random)));
    }
    models.push_back(gru_model(random, 40, 64, tiny::all_widths(8)));
    auto& loud = std::get<GruLayer>(models.emplace_back(models.back()).layers[0]);
    loud.ir.weights.assign(loud.ir.weights.size(), 127);
    loud.ir.multiplier.assign(1, std::numeric_limits<std::int16_t>::max());
    loud.shift_r = 0;
    for (const Kernel* kernel : kernels_here())
        for (std::size_t m = 0; m < models.size(); ++m)
            for (const Resident resident : {Resident::fast, Resident::compact}) {
                if (resident == Resident::compact && kernel->block_rows == 0) continue;
                const Network network(models[m], resident, *kernel);
                const auto inputs = static_cast<std::size_t>(network.input_size()),
                           outputs = static_cast<std::size_t>(network.output_size());
                for (const std::size_t batch : {1, 2, 3, 9}) {
                    std::vector<Network::State> together, alone;
                    for (std::size_t i = 0; i < batch; ++i) together.emplace_back(network), alone.emplace_back(network);
                    std::vector<std::int8_t> x(batch * inputs);
                    std::vector<std::int16_t> y(batch * outputs), expected(batch * outputs);
                    for (int t = 0; t < 8; ++t) {
                        next_input(random, t, x);
                        const bool wanted = t % 3 != 1;
                        network.step_batch(together, x, wanted ? std::span(y) : std::span<std::int16_t>());
                        for (std::size_t i = 0; i < batch; ++i)
                            network.step(alone[i], std::span(x).subspan(i * inputs, inputs),
                                         std::span(expected).subspan(i * outputs, outputs));
                        if (!wanted || y == expected) continue;
                        BOOST_ERROR(std::string(kernel->name) + ", model " + std::to_string(m) + ", batch of " +
                                    std::to_string(batch) + " differs from single steps");
                        break;
                    }
                }
            }
}

BOOST_AUTO_TEST_CASE(compact_networks_hold_little_more_than_packed_parameters) {
    tiny::Random random(6);
    for (int width = min_width; width <= max_width; ++width)
        for (const int hidden : {32, 48, 64, 80, 96, 128}) {
            const Model model = gru_model(random, 40, hidden, tiny::all_widths(width));
            const auto packed = static_cast<double>(parameter_bytes(model).total());
            // A tail of three vectors is packed as blocks of two and one, whose last units have more padding the more
            // planes there are.
            const double most = hidden == 48 ? 1.12 : 1.1;
            for (const Kernel* kernel : kernels_here()) {
                const Network network(model, Resident::compact, *kernel);
                BOOST_TEST(static_cast<double>(network.resident_bytes()) <= most * packed,
                           kernel->name << ", H " << hidden << " at " << width << " bits: " << network.resident_bytes()
                                        << " for " << packed);
                BOOST_TEST(network.input_size() == 40);
                BOOST_TEST(network.output_size() == hidden);
            }
        }
}

BOOST_AUTO_TEST_CASE(an_unknown_isa_is_refused_by_name) {
    setenv("GRUVE_ISA", "sse9", 1);
    BOOST_CHECK_EXCEPTION(kernels::chosen(), std::runtime_error, [](const std::runtime_error& e) {
        return std::string(e.what()).find("sse9") != std::string::npos;
    });
    setenv("GRUVE_ISA", "scalar", 1);
    BOOST_TEST(kernels::chosen().name == std::string("scalar"));
    unsetenv("GRUVE_ISA");
}

BOOST_AUTO_TEST_SUITE_END()
