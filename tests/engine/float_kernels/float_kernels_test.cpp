// Every float kernel of this build gives what the plain loops give, within a tolerance.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdlib>

#include "engine/float_kernels/playable_float_model.h"
#include "engine/float_kernels/step.h"
#include "tests/engine/tiny_models.h"
#include "tests/real_time/violations.h"

namespace {

using namespace gruve;
using float_kernels::Kernel;

constexpr float tolerance = 5e-6f;

// AVX-512's steps in instructions that every processor has, so that their layout is checked on all of them.
const Kernel sixteen{.name = "sixteen",
                     .lanes = float_kernels::Steps<64>::lanes,
                     .gru_step = float_kernels::Steps<64>::gru_step,
                     .dense_step = float_kernels::Steps<64>::dense_step};

std::vector<const Kernel*> vector_kernels_here() {
    std::vector<const Kernel*> here{&sixteen};
    for (const Kernel* kernel : float_kernels::all())
        if (kernel->runs_here() && kernel != &float_kernels::plain) here.push_back(kernel);
    return here;
}

// Small, usual and large inputs in turn.
std::vector<float> next_input(tiny::Random& random, int inputs, int step) {
    return tiny::random_floats(random, inputs, step % 4 == 3 ? 10.0f : step % 4 == 2 ? 0.01f : 3.0f);
}

// The largest difference in thirty steps, and in thirty more after a reset.
float difference(const FloatModel& model, const Kernel& kernel) {
    const PlayableFloatModel fast(model, kernel), plain(model, float_kernels::plain);
    PlayableFloatModel::State fast_state(fast), plain_state(plain);
    std::vector<float> y(static_cast<std::size_t>(model.output_size())), expected = y;
    tiny::Random random(7);
    float largest = 0;
    for (int round = 0; round < 2; ++round) {
        for (int t = 0; t < 30; ++t) {
            const auto x = next_input(random, model.input_size(), t);
            fast.step(fast_state, x, y);
            plain.step(plain_state, x, expected);
            for (std::size_t i = 0; i < y.size(); ++i) largest = std::max(largest, std::abs(y[i] - expected[i]));
        }
        fast_state.reset();
        plain_state.reset();
    }
    return largest;
}

void check_close(const FloatModel& model) {
    BOOST_REQUIRE_EQUAL(check(model), "");
    for (const Kernel* kernel : vector_kernels_here())
        BOOST_TEST(difference(model, *kernel) <= tolerance, kernel->name << " " << model.input_size() << " → "
                                                                         << model.output_size() << ": "
                                                                         << difference(model, *kernel));
}

FloatModel::Dense random_dense(tiny::Random& random, int inputs, int outputs, Activation activation) {
    const float size = 1.0f / static_cast<float>(inputs);
    return {activation, inputs, outputs, tiny::random_floats(random, inputs * outputs, size),
            tiny::random_floats(random, outputs, size)};
}

struct Environment {
    explicit Environment(const char* value) { setenv("GRUVE_ISA", value, 1); }
    ~Environment() { unsetenv("GRUVE_ISA"); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(float_kernel_closeness)

BOOST_AUTO_TEST_CASE(log_names_the_paths_run_and_skipped) {
    for (const Kernel* kernel : float_kernels::all())
        BOOST_TEST_MESSAGE("float kernel " << kernel->name
                                           << (kernel->runs_here() ? ": run" : ": SKIPPED, not supported here"));
    BOOST_TEST(vector_kernels_here().size() >= 2u);
}

BOOST_AUTO_TEST_CASE(every_size_of_a_gru_is_close_to_the_plain_loops) {
    tiny::Random random(1);
    for (int hidden : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 47, 48, 49, 63, 64, 65, 100, 128})
        for (int inputs : {1, 7, 40}) check_close({{tiny::random_float_gru(random, inputs, hidden)}});
}

BOOST_AUTO_TEST_CASE(layers_and_activations_are_close_to_the_plain_loops) {
    tiny::Random random(2);
    for (int size : {1, 3, 16, 17, 33, 70})
        for (Activation last : {Activation::none, Activation::sigmoid, Activation::tanh})
            check_close({{random_dense(random, 9, size, Activation::tanh), tiny::random_float_gru(random, size, 21),
                          tiny::random_float_gru(random, 21, 34), random_dense(random, 34, size, last)}});
}

BOOST_AUTO_TEST_CASE(sigmoid_and_tanh_are_close_over_their_whole_range) {
    for (Activation activation : {Activation::sigmoid, Activation::tanh}) {
        const FloatModel model{{FloatModel::Dense{activation, 1, 1, {1.0f}, {0.0f}}}};
        for (const Kernel* kernel : vector_kernels_here()) {
            const PlayableFloatModel fast(model, *kernel);
            PlayableFloatModel::State state(fast);
            float largest = 0;
            for (float x = -200.0f; x < 200.0f; x += 0.0078125f) {
                std::vector<float> y(1);
                fast.step(state, std::vector<float>{x}, y);
                const double exact =
                    activation == Activation::tanh ? std::tanh(double{x}) : 1 / (1 + std::exp(-double{x}));
                largest = std::max(largest, static_cast<float>(std::abs(y[0] - exact)));
            }
            BOOST_TEST(largest <= 3e-7f, kernel->name << ": " << largest);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_number_is_seen) {
    tiny::Random random(3);
    FloatModel::Gru gru = tiny::random_float_gru(random, 5, 17);
    const PlayableFloatModel before({{gru}}, sixteen);
    gru.weight_hh[3 * 17 + 2 * 17 + 16] += 0.01f;  // the last row of W_hn, second column
    const PlayableFloatModel after({{gru}}, float_kernels::plain);
    PlayableFloatModel::State a(before), b(after);
    std::vector<float> y(17), other(17);
    for (int t = 0; t < 5; ++t) {
        const auto x = next_input(random, 5, 0);
        before.step(a, x, y);
        after.step(b, x, other);
    }
    BOOST_TEST(std::abs(y[16] - other[16]) > 10 * tolerance);
}

BOOST_AUTO_TEST_CASE(steps_and_resets_are_real_time_safe) {
    tiny::Random random(4);
    const FloatModel model{{tiny::random_float_gru(random, 40, 33), random_dense(random, 33, 9, Activation::sigmoid)}};
    for (const Kernel* kernel : float_kernels::all()) {
        if (!kernel->runs_here()) continue;
        const PlayableFloatModel playable(model, *kernel);
        PlayableFloatModel::State state(playable);
        const std::vector<float> x(40, 0.5f);
        std::vector<float> y(9);
        const auto found = test::violations_of([&] {
            for (int t = 0; t < 3; ++t) playable.step(state, x, y);
            state.reset();
        });
        BOOST_TEST((found == test::Violations{}), kernel->name << ": " << to_string(found));
    }
}

BOOST_AUTO_TEST_CASE(the_environment_limits_the_width) {
    const Environment scalar("scalar");
    BOOST_TEST(float_kernels::chosen().name == std::string("plain"));
#if defined(__x86_64__)
    if (float_kernels::avx2.runs_here()) {
        const Environment avx2("avx2");
        BOOST_TEST(float_kernels::chosen().name == std::string("avx2"));
    }
#endif
    const Environment unknown("mmx");
    BOOST_CHECK_THROW(float_kernels::chosen(), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_model_that_is_not_valid_is_refused) {
    BOOST_CHECK_THROW(PlayableFloatModel(FloatModel{}), std::invalid_argument);
    tiny::Random random(5);
    FloatModel::Gru gru = tiny::random_float_gru(random, 5, 17);
    gru.bias_ih.pop_back();
    BOOST_CHECK_THROW(PlayableFloatModel(FloatModel{{gru}}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
