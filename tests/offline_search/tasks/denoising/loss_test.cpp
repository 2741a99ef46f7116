#include "offline_search/tasks/denoising/loss.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <random>

#include "offline_search/tasks/denoising/measures/metrics.h"
#include "tests/engine/tiny_models.h"

using namespace gruve;

namespace {

float uniform(std::mt19937_64& random) { return static_cast<float>(random() >> 40) * 0x1p-24f; }

std::vector<float> voice(std::size_t count) {
    std::vector<float> x(count);
    for (std::size_t i = 0; i < count; ++i) {
        const double t = static_cast<double>(i) / 16000, loud = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * 4 * t);
        for (int k = 1; k < 40; ++k)
            x[i] += static_cast<float>(0.05 * loud / k * std::sin(2 * std::numbers::pi * 140 * k * t + k));
    }
    return x;
}

struct Fixture {
    DenoiserConfig config;
    DenoiserBands bands{config, 16000};
    std::vector<float> clean = voice(12000), noisy = clean;
    std::mt19937_64 random{5};
    explicit Fixture(const DenoiserConfig& config_ = {}) : config(config_) {
        for (float& v : noisy) v += 0.05f * (2 * uniform(random) - 1);
    }
    DenoiseExample example() { return make_example(bands, 16000, make_frames(bands, 1, noisy), clean, noisy); }
    Matrix random_gains(const DenoiseExample& e) {
        Matrix gains(config.outputs(), e.frames.frames());
        for (float& g : gains.reshaped()) g = 0.05f + 0.9f * uniform(random);
        return gains;
    }
};

void check_gradient(Fixture& f, const DenoiseExample& example, const DenoiseLossWeights& weights) {
    const Matrix gains = f.random_gains(example);
    Matrix gradient, unused;
    denoise_loss(f.bands, weights, example, gains, gradient);
    for (int trial = 0; trial < 4; ++trial) {
        Matrix step = gradient;
        for (float& v : step.reshaped())
            v *= 0.5f + uniform(f.random);  // mostly uphill, so that the change exceeds the rounding errors
        step *= 0.01f / step.norm();
        const double measured = denoise_loss(f.bands, weights, example, gains + step, unused) -
                                denoise_loss(f.bands, weights, example, gains - step, unused);
        BOOST_TEST(measured == 2 * static_cast<double>(step.cwiseProduct(gradient).sum()),
                   boost::test_tools::tolerance(0.01));
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(denoise_loss_and_frames)

BOOST_FIXTURE_TEST_CASE(unity_gains_give_the_noisy_samples_back, Fixture) {
    const DenoiseFrames frames = make_frames(bands, 1, noisy);
    const auto output = enhance(bands, frames, Matrix::Ones(bands.bands(), frames.frames()));
    BOOST_TEST(output.size() == static_cast<std::size_t>(complete_samples(bands, frames.frames())));
    BOOST_TEST(output.size() >= noisy.size() - 2 * bands.hop());
    BOOST_TEST(si_sdr_db(std::span(noisy).first(output.size()), output) > 90);
}

BOOST_FIXTURE_TEST_CASE(a_step_of_two_frames_drops_the_odd_last_one, Fixture) {
    const std::vector<float> samples(static_cast<std::size_t>(bands.hop() * 7));
    const DenoiseFrames frames = make_frames(bands, 2, samples);
    BOOST_TEST(frames.frames() == 6);
    BOOST_TEST(frames.features.cols() == 3);
}

BOOST_DATA_TEST_CASE(each_part_has_the_numeric_gradient, boost::unit_test::data::make({false, true}), comb) {
    Fixture f(comb ? tiny::with_comb() : DenoiserConfig{});
    const DenoiseExample e = f.example();
    for (const DenoiseLossWeights& weights : {DenoiseLossWeights{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0.1f, 3, 3}})
        BOOST_TEST_CONTEXT("snr " << weights.snr << ", magnitude " << weights.magnitude << ", intelligibility "
                                  << weights.intelligibility)
    check_gradient(f, e, weights);
}

BOOST_FIXTURE_TEST_CASE(noise_alone_has_the_numeric_gradient_and_falls_with_the_gain, Fixture) {
    clean.assign(clean.size(), 0.0f);
    const DenoiseExample e = example();
    check_gradient(*this, e, {});
    Matrix gradient;
    const Matrix ones = Matrix::Ones(bands.bands(), e.frames.frames());
    BOOST_TEST(denoise_loss(bands, {}, e, 0.1f * ones, gradient) < denoise_loss(bands, {}, e, ones, gradient) - 1);
}

BOOST_FIXTURE_TEST_CASE(the_loss_does_not_depend_on_the_level, Fixture) {
    const DenoiseExample e = example();
    const Matrix gains = random_gains(e);
    Matrix gradient;
    const double loss = denoise_loss(bands, {}, e, gains, gradient);
    for (float& v : clean) v *= 0.1f;
    for (float& v : noisy) v *= 0.1f;
    BOOST_TEST(denoise_loss(bands, {}, example(), gains, gradient) == loss, boost::test_tools::tolerance(1e-3));
}

BOOST_AUTO_TEST_SUITE_END()
