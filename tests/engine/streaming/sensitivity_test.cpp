// One number moves all thresholds together: 0 changes no bit, and more is never stricter.
#include "engine/streaming/sensitivity.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/streaming/detector.h"

using namespace gruve;

namespace {

constexpr double hop_s = 0.02;
const std::vector<std::string> labels = {"other", "left", "right"};
const std::vector<float> own = {1.0f, 0.8f, 0.6f};

DetectionConfig without_points() { return {0.0f, 0.2f, 0.0f, own}; }

/// Two points above the preset's own thresholds, three below.
DetectionConfig with_points() {
    DetectionConfig config = without_points();
    for (const auto& [per_hour, left, right] :
         {std::tuple(0.1f, 0.99f, 0.95f), std::tuple(0.5f, 0.9f, 0.6f), std::tuple(2.0f, 0.8f, 0.5f),
          std::tuple(8.0f, 0.5f, 0.3f), std::tuple(32.0f, 0.2f, 0.1f)})
        config.points.push_back({per_hour, {1.0f, left, right}, {}});
    return config;
}

std::vector<float> at(const DetectionConfig& config, float sensitivity) {
    std::vector<float> thresholds(config.threshold.size());
    thresholds_at(config, sensitivity, thresholds);
    return thresholds;
}

std::vector<std::pair<std::int64_t, int>> detections(Detector& detector, const std::vector<float>& left) {
    std::vector<std::pair<std::int64_t, int>> found;
    for (const float p : left)
        if (const int label = detector.hear(std::vector{0.0f, p, 0.9f - p}); label >= 0)
            found.emplace_back(detector.hops(), label);
    return found;
}

std::vector<std::pair<std::int64_t, int>> detections(const DetectionConfig& config, float sensitivity,
                                                     const std::vector<float>& left) {
    Detector detector(config, labels, hop_s);
    detector.set_sensitivity(sensitivity);
    return detections(detector, left);
}

/// A posterior that walks up and down.
std::vector<float> walk(std::uint64_t seed, int hops) {
    std::mt19937_64 random(seed);
    std::vector<float> posteriors;
    double x = -4;
    for (int i = 0; i < hops; ++i) {
        x = std::clamp(x + (static_cast<double>(random() % 2001) - 1000) / 600, -8.0, 8.0);
        posteriors.push_back(static_cast<float>(0.9 / (1 + std::exp(-x))));
    }
    return posteriors;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sensitivity)

BOOST_AUTO_TEST_CASE(zero_and_what_is_no_number_give_the_presets_own_bits) {
    for (const DetectionConfig& config : {without_points(), with_points()})
        for (const float zero : {0.0f, -0.0f, std::numeric_limits<float>::quiet_NaN()})
            BOOST_TEST(at(config, zero) == own, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(without_points_the_log_odds_move_by_two) {
    const auto odds = [](float p) { return std::log(static_cast<double>(p) / (1 - static_cast<double>(p))); };
    for (const float by : {-1.0f, -0.25f, 0.5f, 1.0f}) {
        const auto moved = at(without_points(), by);
        BOOST_TEST(moved[0] == 1.0f);  // never detected, and stays so
        for (const std::size_t l : {1u, 2u})
            BOOST_TEST(std::abs(odds(moved[l]) - (odds(own[l]) - 2 * static_cast<double>(by))) < 1e-5);
    }
    BOOST_TEST(std::abs(at(without_points(), 1)[1] - 0.35f) < 0.005f);
    BOOST_TEST(std::abs(at(without_points(), -1)[1] - 0.97f) < 0.005f);
    BOOST_TEST(moved_threshold(0.0f, 3.0) == 0.0f);
}

BOOST_AUTO_TEST_CASE(a_threshold_near_0_or_1_never_moves_the_other_way) {
    for (const float threshold : {std::numeric_limits<float>::denorm_min(), 1e-30f, 1e-8f, 1.0f - 6e-8f})
        for (const double by : {0.01, 2.0, 20.0}) {
            BOOST_TEST(moved_threshold(threshold, -by) <= threshold);
            BOOST_TEST(moved_threshold(threshold, by) >= threshold);
        }
}

BOOST_AUTO_TEST_CASE(points_lie_at_equal_distances_from_the_presets_own_thresholds) {
    const DetectionConfig config = with_points();
    const float places[] = {-1.0f, -0.5f, 1.0f / 3, 2.0f / 3, 1.0f};
    for (std::size_t i = 0; i < config.points.size(); ++i) {
        BOOST_TEST(sensitivity_of(config, i) == places[i]);
        const auto found = at(config, places[i]);
        for (std::size_t l = 0; l < labels.size(); ++l)
            BOOST_TEST(std::abs(found[l] - config.points[i].threshold[l]) < 1e-6f);
    }
    BOOST_TEST(at(config, 1.0f) == config.points.back().threshold, boost::test_tools::per_element());
    BOOST_TEST(at(config, -1.0f) == config.points.front().threshold, boost::test_tools::per_element());
    BOOST_TEST(at(config, 7.0f) == at(config, 1.0f), boost::test_tools::per_element());
    BOOST_TEST(at(config, -std::numeric_limits<float>::infinity()) == at(config, -1.0f),
               boost::test_tools::per_element());
    // Halfway between log-odds 0 and −1.386: 0.5 and 0.2.
    BOOST_TEST(std::abs(at(config, 5.0f / 6)[1] - 1.0f / 3) < 1e-5f);
}

BOOST_AUTO_TEST_CASE(a_point_with_the_presets_own_thresholds_lies_at_zero) {
    DetectionConfig config = without_points();
    config.points = {{0.5f, own, {}}, {8.0f, {1.0f, 0.4f, 0.2f}, {}}};
    BOOST_TEST(sensitivity_of(config, 0) == 0.0f);
    BOOST_TEST(sensitivity_of(config, 1) == 1.0f);
    BOOST_TEST(at(config, -1.0f) == at(without_points(), -1.0f), boost::test_tools::per_element());  // no point there
}

BOOST_AUTO_TEST_CASE(no_threshold_rises_with_sensitivity) {
    for (const DetectionConfig& config : {without_points(), with_points()}) {
        std::vector<float> before = at(config, -1.0f);
        for (int i = -999; i <= 1000; ++i) {
            const auto now = at(config, static_cast<float>(i) / 1000);
            for (std::size_t l = 0; l < now.size(); ++l) BOOST_REQUIRE_LE(now[l], before[l]);
            before = now;
        }
    }
}

BOOST_AUTO_TEST_CASE(at_zero_a_detector_does_what_one_without_points_does) {
    const auto sound = walk(5, 20000);
    Detector plain(without_points(), labels, hop_s);
    const auto expected = detections(plain, sound);
    BOOST_TEST(expected.size() > 20u);
    BOOST_TEST((detections(with_points(), 0.0f, sound) == expected));
    Detector moved(with_points(), labels, hop_s);
    moved.set_sensitivity(1.0f);
    moved.set_sensitivity(0.0f);
    BOOST_TEST((detections(moved, sound) == expected));
}

BOOST_AUTO_TEST_CASE(the_first_detection_never_comes_later_at_a_higher_sensitivity) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        const auto sound = walk(seed, 300);
        std::int64_t before = std::numeric_limits<std::int64_t>::max();
        for (int tenths = -10; tenths <= 10; ++tenths) {
            const auto found = detections(with_points(), static_cast<float>(tenths) / 10, sound);
            const std::int64_t first = found.empty() ? std::numeric_limits<std::int64_t>::max() : found.front().first;
            BOOST_TEST(first <= before, "seed " << seed << ", sensitivity " << tenths << " tenths");
            before = first;
        }
    }
}

BOOST_AUTO_TEST_CASE(words_with_pauses_between_them_are_detected_as_often_or_more_often) {
    std::mt19937_64 random(2);
    std::vector<float> sound;
    for (int word = 0; word < 200; ++word) {
        sound.insert(sound.end(), 10, static_cast<float>(random() % 900) / 1000);  // a word of 0.2 s
        sound.insert(sound.end(), 20, 0.0f);
    }
    DetectionConfig config = with_points();
    for (OperatingPoint& point : config.points) point.threshold[2] = 1.0f;  // one word
    config.threshold[2] = 1.0f;
    std::size_t before = 0;
    for (int tenths = -10; tenths <= 10; ++tenths) {
        const std::size_t found = detections(config, static_cast<float>(tenths) / 10, sound).size();
        BOOST_TEST(found >= before, tenths << " tenths");
        before = found;
    }
    BOOST_TEST(before > 100u);
}

BOOST_AUTO_TEST_CASE(a_change_holds_from_the_next_hop_on_and_outlives_a_reset) {
    Detector detector(without_points(), labels, hop_s);
    BOOST_TEST(detections(detector, std::vector<float>(10, 0.5f)).empty());
    detector.set_sensitivity(1.0f);
    BOOST_TEST(detections(detector, {0.5f}).size() == 1u);
    detector.reset();
    BOOST_TEST(detections(detector, {0.5f}).size() == 1u);
    detector.reset();
    detector.set_sensitivity(0.0f);
    BOOST_TEST(detections(detector, std::vector<float>(10, 0.5f)).empty());
}

BOOST_AUTO_TEST_SUITE_END()
