#include "offline_search/tasks/denoising/measures/intelligibility_loss.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <random>

#include "offline_search/tasks/denoising/measures/stoi.h"

using namespace gruve;

namespace {

std::vector<float> syllables(std::size_t count) {
    std::vector<float> x(count);
    for (std::size_t i = 0; i < count; ++i) {
        const double t = static_cast<double>(i) / 16000, loud = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * 4 * t);
        for (int k = 1; k < 30; ++k)
            x[i] += static_cast<float>(0.05 * loud / k * std::sin(2 * std::numbers::pi * 140 * k * t + k));
    }
    return x;
}

std::vector<float> with_noise(std::vector<float> x, float gain) {
    std::mt19937_64 random(3);
    for (float& v : x) v += gain * (static_cast<float>(random() >> 40) * 0x1p-23f - 1.0f);
    return x;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(intelligibility_loss)

BOOST_AUTO_TEST_CASE(it_is_near_one_minus_stoi) {
    const auto clean = syllables(32000);
    const IntelligibilityLoss loss(clean, 16000);
    std::vector<float> gradient(clean.size());
    BOOST_TEST(std::abs(loss(clean, 1, gradient)) < 1e-4);
    for (float gain : {0.01f, 0.03f, 0.1f}) {
        const auto noisy = with_noise(clean, gain);
        BOOST_TEST(std::abs(1 - loss(noisy, 1, gradient) - Stoi(clean, 16000).of(noisy)) < 0.05);
    }
}

BOOST_AUTO_TEST_CASE(its_gradient_is_the_numeric_one) {
    const auto clean = syllables(16000), noisy = with_noise(clean, 0.05f);
    const IntelligibilityLoss loss(clean, 16000);
    std::vector<float> gradient(clean.size());
    loss(noisy, 2.0, gradient);
    // Along random directions, because single samples change the loss too little for single precision.
    std::mt19937_64 random(7);
    for (int trial = 0; trial < 5; ++trial) {
        std::vector<float> up = noisy, down = noisy, unused(clean.size());
        double predicted = 0;
        for (std::size_t i = 0; i < clean.size(); ++i) {
            // Mostly along the gradient, so that the change exceeds the rounding errors.
            const float step = 1e-3f * gradient[i] * (0.5f + static_cast<float>(random() >> 40) * 0x1p-24f);
            up[i] += step, down[i] -= step;
            predicted += 2.0 * static_cast<double>(step) * static_cast<double>(gradient[i]);
        }
        const double measured = 2.0 * (loss(up, 0, unused) - loss(down, 0, unused));
        BOOST_TEST(measured == predicted, boost::test_tools::tolerance(0.01));
    }
}

BOOST_AUTO_TEST_CASE(speech_too_short_gives_no_loss) {
    const auto clean = syllables(4000);
    const IntelligibilityLoss loss(clean, 16000);
    std::vector<float> gradient(clean.size());
    BOOST_TEST(loss.empty());
    BOOST_TEST(loss(clean, 1, gradient) == 0.0);
}

BOOST_AUTO_TEST_SUITE_END()
