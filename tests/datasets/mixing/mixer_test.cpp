#include "datasets/mixing/mixer.h"

#include <boost/test/unit_test.hpp>
#include <vector>

using namespace gruve;

BOOST_AUTO_TEST_SUITE(mixer)

BOOST_AUTO_TEST_CASE(a_level_is_an_rms_and_twenty_decibels_are_a_factor_of_ten) {
    const std::vector<float> samples = {0.3f, -0.4f, 0.0f, 0.0f};
    BOOST_TEST(rms(samples) == 0.25, boost::test_tools::tolerance(1e-6));
    BOOST_TEST(rms({}) == 0.0);
    BOOST_TEST(gain_of_db(20.0) == 10.0, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(float_gain_of_db(-6.0) == static_cast<float>(gain_of_db(-6.0)));
}

BOOST_AUTO_TEST_CASE(noise_has_the_stated_level_wherever_it_begins_and_however_short_it_is) {
    std::mt19937_64 random(1);
    std::vector<float> noise(300);
    add_white_noise(noise, 0.5, random);
    BOOST_TEST(rms(noise) == 0.5, boost::test_tools::tolerance(0.1));
    for (const std::size_t length : {100u, 300u, 1000u}) {
        std::vector<float> out(length);
        add_noise(out, noise, 0.02, random);
        BOOST_TEST(rms(out) == 0.02, boost::test_tools::tolerance(1e-4));
    }
    std::vector<float> out(100);
    add_noise(out, std::vector<float>(50), 0.02, random);
    BOOST_TEST(rms(out) == 0.0);
}

BOOST_AUTO_TEST_CASE(scaled_samples_are_added_in_the_precision_of_the_gain) {
    std::vector<float> as_float = {1.0f}, as_double = {1.0f};
    const std::vector<float> from = {0.3f};
    add_scaled(as_float, from, 0.7f);
    add_scaled(as_double, from, 0.7);
    BOOST_TEST(as_float[0] == 1.0f + 0.7f * 0.3f);
    BOOST_TEST(as_double[0] == 1.0f + static_cast<float>(0.7 * static_cast<double>(0.3f)));
    scale(as_float, 0.5);
    BOOST_TEST(as_float[0] == 0.5f * (1.0f + 0.7f * 0.3f));
}

BOOST_AUTO_TEST_SUITE_END()
