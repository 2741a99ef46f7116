#include "offline_search/tasks/denoising/measures/metrics.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <numbers>

#include "offline_search/tasks/denoising/measures/stoi.h"

using namespace gruve;

namespace {

std::vector<double> noise(std::size_t count, std::uint32_t state) {
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) {
        state = state * 1664525u + 1013904223u;
        values.push_back(state / 2147483648.0 - 1.0);
    }
    return values;
}

std::vector<float> sum(const std::vector<double>& a, const std::vector<double>& b, double gain) {
    std::vector<float> result;
    for (std::size_t i = 0; i < a.size(); ++i) result.push_back(static_cast<float>(a[i] + gain * b[i]));
    return result;
}

// The signals of golden/make_stoi.py.
std::vector<double> clean(int rate, int count, bool gap) {
    const auto hiss = noise(static_cast<std::size_t>(count), 1);
    std::vector<double> x;
    for (int i = 0; i < count; ++i) {
        const double t = static_cast<double>(i) / rate;
        const double syllables = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * 4 * t);
        double v = 0;
        for (int k = 1; k < 25; ++k) v += std::sin(2 * std::numbers::pi * 140 * k * t + k) / k * syllables;
        v = v * (1 + 0.5 * std::sin(2 * std::numbers::pi * 1.7 * t)) +
            0.3 * (1 - syllables) * hiss[static_cast<std::size_t>(i)];
        x.push_back(gap && i >= count / 3 && i < 2 * count / 3 ? 0 : 0.1 * v);
    }
    return x;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(si_sdr_of_orthogonal_noise_is_the_power_ratio) {
    // Two sines of whole periods are orthogonal. SI-SDR is their power ratio, whatever the gain of the estimate.
    std::vector<double> a, b;
    for (int i = 0; i < 1600; ++i) {
        a.push_back(std::sin(2 * std::numbers::pi * 10 * i / 1600));
        b.push_back(std::sin(2 * std::numbers::pi * 37 * i / 1600));
    }
    const auto reference = sum(a, b, 0);
    for (double gain : {0.1, 0.5, 1.0, 3.0}) {
        auto estimate = sum(a, b, gain);
        BOOST_TEST(si_sdr_db(reference, estimate) == -20 * std::log10(gain), boost::test_tools::tolerance(1e-4));
        for (float& v : estimate) v *= -0.3f;
        BOOST_TEST(si_sdr_db(reference, estimate) == -20 * std::log10(gain), boost::test_tools::tolerance(1e-4));
    }
}

BOOST_AUTO_TEST_CASE(si_sdr_is_limited_for_silent_equal_and_unrelated_signals) {
    const std::vector<float> silent(100), up(100, 0.5f);
    std::vector<float> alternating(100, 0.5f);
    for (std::size_t i = 0; i < 100; i += 2) alternating[i] = -0.5f;
    BOOST_TEST(si_sdr_db(up, up) == 100.0);
    BOOST_TEST(si_sdr_db(silent, up) == -100.0);
    BOOST_TEST(si_sdr_db(up, silent) == -100.0);
    BOOST_TEST(si_sdr_db(up, alternating) == -100.0);
    BOOST_CHECK_THROW(si_sdr_db(up, std::vector<float>(99)), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(segmental_snr_is_the_snr_of_each_frame_within_its_limits) {
    const std::vector<float> reference(16000, 0.5f);
    for (auto [error, expected] : {std::pair{0.05f, 20.0}, {0.5f, 0.0}, {5.0f, -10.0}, {0.0f, 35.0}}) {
        std::vector<float> estimate(16000, 0.5f + error);
        BOOST_TEST(segmental_snr_db(reference, estimate, 16000) == expected, boost::test_tools::tolerance(1e-4));
    }
    BOOST_TEST(std::isnan(segmental_snr_db(std::vector<float>(16000), reference, 16000)));
    BOOST_TEST(std::isnan(segmental_snr_db(std::vector<float>(100, 1), std::vector<float>(100, 1), 16000)));
}

BOOST_AUTO_TEST_CASE(segmental_snr_leaves_silent_frames_out) {
    std::vector<float> reference(16000), estimate(16000, 0.1f);
    for (std::size_t i = 0; i < 8160; ++i)
        reference[i] = 1.0f, estimate[i] = 1.1f;  // 20 dB; the other frames would give −10
    BOOST_TEST(segmental_snr_db(reference, estimate, 16000) == 20.0, boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(stoi_equals_pystoi) {
    std::ifstream golden(GRUVE_SOURCE_DIR "/tests/offline_search/golden/stoi.txt");
    int rate, seconds, gap, lines = 0;
    double gain, expected;
    while (golden >> rate >> seconds >> gain >> gap >> expected) {
        const auto x = clean(rate, rate * seconds, gap != 0);
        const auto y = noise(x.size(), 2);
        BOOST_TEST_CONTEXT("rate " << rate << ", noise gain " << gain << ", gap " << gap)
        BOOST_TEST(std::abs(Stoi(sum(x, y, 0), rate).of(sum(x, y, gain)) - expected) < 1e-5);
        ++lines;
    }
    BOOST_TEST(lines == 9);
}

BOOST_AUTO_TEST_CASE(stoi_of_less_than_384_ms_is_not_a_number) {
    const auto x = sum(clean(16000, 4000, false), noise(4000, 2), 0);
    BOOST_TEST(std::isnan(Stoi(x, 16000).of(x)));
    BOOST_TEST(std::isnan(Stoi({}, 16000).of({})));
    BOOST_CHECK_THROW(Stoi(x, 16000).of(std::vector<float>(3999)), std::invalid_argument);
    BOOST_CHECK_THROW(Stoi(x, 0), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(mean_interval_leaves_out_what_is_not_a_number) {
    const MeanInterval m = mean_interval({1, 2, std::nan(""), 3, 4});
    BOOST_TEST(m.n == 4);
    BOOST_TEST(m.mean == 2.5);
    BOOST_TEST(m.ci95 == 1.96 * std::sqrt(5.0 / 3 / 4), boost::test_tools::tolerance(1e-9));
    BOOST_TEST(mean_interval({}).n == 0);
}

BOOST_AUTO_TEST_SUITE_END()
