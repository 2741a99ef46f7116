// From posteriors to detections.
#include "engine/streaming/detector.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

using namespace gruve;

namespace {

constexpr double hop_s = 0.02;
const std::vector<std::string> labels = {"other", "left", "right"};

/// No smoothing, no warm-up, thresholds of 0.8.
Detector sharp_detector(float refractory_s) { return {{0.0f, refractory_s, 0.0f, {0.8f, 0.8f, 0.8f}}, labels, hop_s}; }

/// Gives "left" this posterior for `seconds`, and "other" the rest. Returns the hops, counted from 1 at the detector's
/// start, at which "left" is detected.
std::vector<long> hear(Detector& detector, float left, double seconds) {
    std::vector<long> found;
    for (long hop = 0; hop < std::lround(seconds / hop_s); ++hop)
        if (detector.hear(std::vector{1.0f - left, left, 0.0f}) == 1)
            found.push_back(static_cast<long>(detector.hops()));
    return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(detector)

BOOST_AUTO_TEST_CASE(a_word_that_goes_on_being_heard_is_detected_once) {
    Detector detector = sharp_detector(1.0f);
    BOOST_TEST(hear(detector, 0.9f, 10.0) == std::vector<long>{1}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_score_must_fall_below_half_its_threshold_before_its_word_is_detected_again) {
    for (const auto& [low, again] : {std::pair(0.79f, false), std::pair(0.41f, false), std::pair(0.39f, true)}) {
        BOOST_TEST_INFO_SCOPE("low " << low);
        Detector detector = sharp_detector(1.0f);
        BOOST_TEST(hear(detector, 0.9f, 1.5).size() == 1u);
        BOOST_TEST(hear(detector, low, 0.5).empty());
        BOOST_TEST(hear(detector, 0.9f, 1.5).size() == (again ? 1u : 0u));
    }
}

BOOST_AUTO_TEST_CASE(detections_keep_the_refractory_time_apart) {
    Detector detector = sharp_detector(0.5f);
    std::vector<long> found;
    for (int i = 0; i < 50; ++i) {  // heard in every second hop
        for (const float left : {0.9f, 0.1f})
            for (const long hop : hear(detector, left, hop_s)) found.push_back(hop);
    }
    BOOST_TEST(found == (std::vector<long>{1, 27, 53, 79}),
               boost::test_tools::per_element());  // 25 hops, then the next hop in which it is heard
}

BOOST_AUTO_TEST_CASE(without_refractory_time_a_word_is_detected_as_often_as_its_score_rises) {
    Detector detector = sharp_detector(0.0f);
    for (int i = 0; i < 5; ++i) {
        BOOST_TEST(hear(detector, 0.9f, hop_s).size() == 1u);
        BOOST_TEST(hear(detector, 0.1f, hop_s).empty());
    }
}

BOOST_AUTO_TEST_CASE(a_word_still_heard_does_not_hide_another) {
    Detector detector = sharp_detector(0.1f);
    BOOST_TEST(hear(detector, 0.9f, 0.5).size() == 1u);
    BOOST_TEST(detector.hear(std::vector{0.1f, 0.0f, 0.9f}) == 2);
}

BOOST_AUTO_TEST_CASE(a_reset_arms_every_word) {
    Detector detector = sharp_detector(1.0f);
    BOOST_TEST(hear(detector, 0.9f, 0.5).size() == 1u);
    detector.reset();
    BOOST_TEST(hear(detector, 0.9f, 0.5) == std::vector<long>{1}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
