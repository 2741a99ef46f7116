#include "offline_search/tasks/denoising/measures/high_band.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <vector>

#include "tests/engine/signals.h"

using namespace gruve;

namespace {

std::vector<float> sine(double hz, double amplitude, int rate_hz) {
    std::vector<float> samples;
    for (int i = 0; i < rate_hz; ++i)
        samples.push_back(static_cast<float>(amplitude * std::sin(2 * std::numbers::pi * hz * i / rate_hz)));
    return samples;
}

std::vector<float> sum(std::vector<float> a, const std::vector<float>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
    return a;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(high_band_measure)

BOOST_AUTO_TEST_CASE(halving_all_samples_takes_6_db_off_every_bin) {
    const std::vector<float> clean = tiny::white_noise(48000, 0.1, 1);
    std::vector<float> half = clean;
    for (float& x : half) x *= 0.5f;
    const HighBand same = high_band(clean, clean, 48000), halved = high_band(clean, half, 48000);
    BOOST_TEST(same.level == 0);
    BOOST_TEST(same.distance == 0);
    BOOST_TEST(halved.level == -6.02, boost::test_tools::tolerance(0.01));
    BOOST_TEST(halved.distance == 6.02, boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(what_lies_below_8_khz_does_not_count) {
    const std::vector<float> high = sine(12000, 0.1, 48000);
    const std::vector<float> clean = sum(high, sine(3000, 0.1, 48000)), other = sum(high, sine(1000, 0.2, 48000));
    const HighBand measured = high_band(clean, other, 48000);
    BOOST_TEST(std::abs(measured.level) < 0.01);
    BOOST_TEST(measured.distance < 0.1);
}

BOOST_AUTO_TEST_CASE(a_muted_high_band_has_a_distance_of_no_more_than_its_range) {
    const std::vector<float> low = sine(3000, 0.1, 48000);
    const HighBand muted = high_band(sum(low, sine(12000, 0.1, 48000)), low, 48000);
    BOOST_TEST(muted.level < -50);
    BOOST_TEST(muted.distance > 1);
    BOOST_TEST(muted.distance < 60);
}

BOOST_AUTO_TEST_CASE(without_clean_sound_above_8_khz_there_is_no_measure) {
    const std::vector<float> noise = tiny::white_noise(16000, 0.1, 1), low = sine(3000, 0.1, 48000);
    BOOST_TEST(std::isnan(high_band(noise, noise, 16000).level));
    BOOST_TEST(std::isnan(high_band(noise, noise, 8000).distance));
    BOOST_TEST(std::isnan(high_band(low, tiny::white_noise(48000, 0.1, 1), 48000).distance));
    BOOST_TEST(std::isnan(high_band({}, {}, 48000).level));
}

BOOST_AUTO_TEST_CASE(lengths_must_agree) {
    const std::vector<float> samples(100);
    BOOST_CHECK_THROW(high_band(samples, std::span(samples).first(99), 48000), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
