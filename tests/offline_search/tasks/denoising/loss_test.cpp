#include "offline_search/tasks/denoising/loss.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <random>

#include "offline_search/tasks/denoising/measures/metrics.h"
#include "offline_search/tasks/denoising/measures/spectral_loss.h"
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
    DenoiseExample example() {
        return make_example(bands, {.quality = 1}, 16000, make_frames(bands, config, noisy), clean, noisy);
    }
    Matrix random_gains(const DenoiseExample& e) {
        Matrix gains(config.outputs(), e.frames.frames());
        for (float& g : gains.reshaped()) g = 0.05f + 0.9f * uniform(random);
        return gains;
    }
};

/// `tolerance`: relative.
void check_gradient(Fixture& f, const DenoiseExample& example, const DenoiseLossWeights& weights,
                    double tolerance = 0.01) {
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
                   boost::test_tools::tolerance(tolerance));
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(denoise_loss_and_frames)

BOOST_FIXTURE_TEST_CASE(unity_gains_give_the_noisy_samples_back, Fixture) {
    const DenoiseFrames frames = make_frames(bands, config, noisy);
    const auto output = enhance(bands, frames, Matrix::Ones(bands.bands(), frames.frames()));
    BOOST_TEST(output.size() == static_cast<std::size_t>(complete_samples(bands, frames.frames())));
    BOOST_TEST(output.size() >= noisy.size() - 2 * bands.hop());
    BOOST_TEST(si_sdr_db(std::span(noisy).first(output.size()), output) > 90);
}

BOOST_FIXTURE_TEST_CASE(a_step_of_two_frames_drops_the_odd_last_one, Fixture) {
    const std::vector<float> samples(static_cast<std::size_t>(bands.hop() * 7));
    config.net_every = 2;
    const DenoiseFrames frames = make_frames(bands, config, samples);
    BOOST_TEST(frames.frames() == 6);
    BOOST_TEST(frames.features.cols() == 3);
}

BOOST_FIXTURE_TEST_CASE(frames_that_are_heard_only_are_left_out, Fixture) {
    const DenoiseFrames all = make_frames(bands, config, noisy);
    config.look_ahead = 6;
    const DenoiseFrames frames = make_frames(bands, config, noisy);
    BOOST_TEST((frames.features == all.features));
    BOOST_TEST((frames.noisy == all.noisy.leftCols(all.frames() - 6)));
    const auto output = enhance(bands, frames, Matrix::Ones(bands.bands(), frames.frames()));
    BOOST_TEST(output.size() == static_cast<std::size_t>(complete_samples(bands, all.frames() - 6)));
    BOOST_TEST(si_sdr_db(std::span(noisy).first(output.size()), output) > 90);
}

BOOST_DATA_TEST_CASE(frames_that_are_heard_only_have_no_part_in_the_loss, boost::unit_test::data::make({false, true}),
                     comb) {
    Fixture shorter(comb ? tiny::with_comb() : DenoiserConfig{});
    DenoiserConfig config = shorter.config;
    config.look_ahead = 6;
    Fixture ahead(config);
    const std::size_t played = ahead.noisy.size() - static_cast<std::size_t>(6 * ahead.bands.hop());
    shorter.noisy.resize(played);
    shorter.clean.resize(played);
    const DenoiseExample of_ahead = ahead.example(), of_shorter = shorter.example();
    const Matrix gains = ahead.random_gains(of_ahead);
    const DenoiseLossWeights weights{0.1f, 3, 3, 20, 1};
    Matrix gradient, expected;
    BOOST_TEST(denoise_loss(ahead.bands, weights, of_ahead, gains, gradient) ==
               denoise_loss(shorter.bands, weights, of_shorter, gains, expected));
    BOOST_TEST((gradient == expected));
}

BOOST_DATA_TEST_CASE(each_part_has_the_numeric_gradient, boost::unit_test::data::make({false, true}), comb) {
    Fixture f(comb ? tiny::with_comb() : DenoiserConfig{});
    const DenoiseExample e = f.example();
    for (const DenoiseLossWeights& weights : {DenoiseLossWeights{1, 0, 0},
                                              {0, 1, 0},
                                              {0, 0, 1},
                                              {0.1f, 3, 3},
                                              {0, 0, 0, 20},
                                              {0.05f, 0, 5, 20, 0, 3},
                                              {0, 0, 0, 0, 0, 1, 8},
                                              {.snr = 0, .magnitude = 0, .intelligibility = 0, .si_sdr = 1}})
        BOOST_TEST_CONTEXT("snr " << weights.snr << ", magnitude " << weights.magnitude << ", intelligibility "
                                  << weights.intelligibility << ", spectrum " << weights.spectrum << ", quality "
                                  << weights.quality << ", left " << weights.left << ", cells " << weights.cells
                                  << ", SI-SDR " << weights.si_sdr)
    check_gradient(f, e, weights);
}

/// The gradient of the disturbance takes PESQ's corrections of level and response for constants, so it is not quite
/// that of the loss.
BOOST_FIXTURE_TEST_CASE(the_disturbance_has_nearly_the_numeric_gradient, Fixture) {
    for (std::size_t i = 0; i < clean.size(); ++i) noisy[i] = clean[i] + 0.05f * (noisy[i] - clean[i]);
    check_gradient(*this, example(), {.snr = 0, .magnitude = 0, .intelligibility = 0, .quality = 1}, 0.25);
}

BOOST_FIXTURE_TEST_CASE(the_spectral_distance_weighs_what_is_left_over, Fixture) {
    const DenoiseExample e = example();
    const Matrix ones = Matrix::Ones(bands.bands(), e.frames.frames());
    Matrix gradient;
    const auto loss = [&](float left, float gain) {
        return denoise_loss(bands, {.snr = 0, .magnitude = 0, .intelligibility = 0, .spectrum = 1, .left = left}, e,
                            gain * ones, gradient);
    };
    // The mixture as it is has too much in nearly every bin; a hundredth of it has too little.
    BOOST_TEST(loss(4, 1) > 2 * loss(1, 1));
    BOOST_TEST(loss(4, 0.01f) < 1.1 * loss(1, 0.01f));
    BOOST_TEST(loss(1, 0.5f) > 0);
}

BOOST_FIXTURE_TEST_CASE(si_sdr_ignores_the_level_but_silence_never_pays, Fixture) {
    const DenoiseExample e = example();
    Matrix gradient;
    const auto loss = [&](float gain) {
        return denoise_loss(bands, {.snr = 0, .magnitude = 0, .intelligibility = 0, .si_sdr = 1}, e,
                            Matrix::Constant(bands.bands(), e.frames.frames(), gain), gradient);
    };
    BOOST_TEST(std::abs(loss(0.5f) - loss(1)) < 0.1);
    BOOST_TEST(loss(0) > loss(1) + 10);
    BOOST_TEST(loss(0) == 20, boost::test_tools::tolerance(1e-6));
}

BOOST_FIXTURE_TEST_CASE(a_faint_band_counts_like_a_loud_one, Fixture) {
    const auto loss = [&](const DenoiseExample& e, int muted) {
        Matrix gains = Matrix::Ones(bands.bands(), e.frames.frames()), gradient;
        gains.row(muted).setZero();
        return denoise_loss(bands, {.snr = 0, .magnitude = 0, .intelligibility = 0, .cells = 1}, e, gains, gradient);
    };
    noisy = clean;  // the best gains are 1
    for (float& v : noisy) v += 1e-4f * (2 * uniform(random) - 1);
    clean = noisy;
    const DenoiseExample e = example();
    const double loud = loss(e, 4), faint = loss(e, 30);
    BOOST_TEST(e.clean_power.row(4).mean() > 1.5 * e.clean_power.row(30).mean());  // 12 dB of magnitude
    BOOST_TEST(faint > 0.5 * loud);
    BOOST_TEST(faint < 2 * loud);
    // Half a band's magnitudes: 1 − 0.5^0.3 of each.
    Matrix gains = Matrix::Constant(bands.bands(), e.frames.frames(), 0.5f), gradient;
    const double half =
        denoise_loss(bands, {.snr = 0, .magnitude = 0, .intelligibility = 0, .cells = 1}, e, gains, gradient);
    BOOST_TEST(half < 6 * std::pow(1 - std::pow(0.5, 0.3), 2) * 1.001);
    BOOST_TEST(half > 1 * std::pow(1 - std::pow(0.5, 0.3), 2) * 0.9);
}

BOOST_FIXTURE_TEST_CASE(the_disturbance_grows_with_the_noise_and_ignores_levels, Fixture) {
    const PerceptualLoss loss(clean, 16000);
    BOOST_TEST(!loss.empty());
    BOOST_TEST(loss(clean) < 1e-4);
    std::vector<float> louder = noisy, half = clean, quiet(clean.size());
    for (std::size_t i = 0; i < clean.size(); ++i) {
        const float noise = 0.02f * (noisy[i] - clean[i]);
        noisy[i] = clean[i] + noise;
        louder[i] = clean[i] + 3 * noise;
        half[i] *= 0.5f;
        quiet[i] = 0.1f * noisy[i];
    }
    BOOST_TEST(loss(noisy) > 0.3);
    BOOST_TEST(loss(louder) > 1.2 * loss(noisy));
    BOOST_TEST(loss(half) < 0.1 * loss(noisy));  // PESQ evens out the level of a frame
    for (float& v : clean) v *= 0.1f;
    BOOST_TEST(PerceptualLoss(clean, 16000)(quiet) == loss(noisy), boost::test_tools::tolerance(0.01));
    BOOST_TEST(PerceptualLoss(std::vector<float>(16000), 16000).empty());
    BOOST_TEST(PerceptualLoss(std::span(clean).first(5000), 16000).empty());
    BOOST_CHECK_THROW(PerceptualLoss(clean, 8000), std::invalid_argument);
}

BOOST_FIXTURE_TEST_CASE(the_spectral_distance_of_equal_samples_is_zero_and_has_no_level, Fixture) {
    const double level = 0.3;
    BOOST_TEST(SpectralLoss(16000)(clean, clean, level) == 0);
    const double loss = SpectralLoss(16000)(clean, noisy, level);
    BOOST_TEST(loss > 0.01);
    for (float& v : clean) v *= 0.1f;
    for (float& v : noisy) v *= 0.1f;
    BOOST_TEST(SpectralLoss(16000)(clean, noisy, 0.1 * level) == loss, boost::test_tools::tolerance(1e-4));
    BOOST_TEST(SpectralLoss(16000)(std::span(clean).first(200), std::span(noisy).first(200), level) == 0);  // too short
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
