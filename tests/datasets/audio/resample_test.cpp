#include "datasets/audio/resample.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "tests/datasets/temporary_folder.h"

namespace gruve {
namespace {

using test::check_data_error;
using test::sine;

BOOST_AUTO_TEST_SUITE(resampler)

BOOST_AUTO_TEST_CASE(tones_keep_pitch_phase_and_level) {
    for (const auto& [from, to] :
         {std::pair{8000, 16000}, {44100, 16000}, {16000, 48000}, {22050, 16000}, {48000, 44100}, {93, 100}}) {
        const double scale = from < 1000 ? 160.0 : 1.0;  // the ratio 93 : 100 stands for rates of 14.88 and 16 kHz
        const int from_hz = static_cast<int>(from * scale), to_hz = static_cast<int>(to * scale);
        const double tone = 0.4 * std::min(from_hz, to_hz);
        const std::vector<float> out = resample(sine(tone, 0.5, from_hz), from, to), expected = sine(tone, 0.5, to_hz);
        BOOST_TEST(std::abs(static_cast<double>(out.size()) - static_cast<double>(expected.size())) <= 1.0);
        for (std::size_t i = 400; i + 400 < expected.size(); ++i) BOOST_REQUIRE(std::abs(out[i] - expected[i]) < 3e-4);
    }
}

BOOST_AUTO_TEST_CASE(tones_above_the_new_band_vanish) {
    const std::vector<float> out = resample(sine(9000, 0.5, 48000), 48000, 16000);
    double peak = 0;
    for (std::size_t i = 200; i + 200 < out.size(); ++i) peak = std::max(peak, static_cast<double>(std::abs(out[i])));
    BOOST_TEST(20 * std::log10(peak / 0.3) < -65.0);
}

BOOST_AUTO_TEST_CASE(rates_without_a_common_divisor_ask_for_no_more_than_the_recording_needs) {
    // A table for all fractions would be large. Only the rows of taps that an output uses are computed.
    const std::vector<float> few = resample({0.0f, 1.0f, 0.0f}, 767999, 768000),
                             more = resample(sine(440, 0.01, 767999), 767999, 16000);
    BOOST_TEST(few.size() == 4u);
    BOOST_TEST(more.size() == 160u);
    check_data_error([] { resample(std::vector<float>(800000), 767999, 16000); },
                     {"767999 to 16000 Hz", "a common divisor of only 1 Hz"});
}

BOOST_AUTO_TEST_CASE(equal_rates_change_nothing_and_bad_rates_are_refused) {
    BOOST_TEST((resample(sine(440, 0.1), 48000, 48000) == sine(440, 0.1)));
    BOOST_TEST(resample({}, 8000, 16000).empty());
    check_data_error([] { resample({0.0f}, 0, 16000); }, {"0 to 16000 Hz", "both rates must be above 0 Hz"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gruve
