// Operating points in a preset's file: nothing is lost, older presets keep their bytes, and faults are named.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>
#include <utility>

#include "engine/preset/check_preset.h"
#include "engine/preset/deserialise_preset.h"
#include "engine/preset/preset_file.h"
#include "engine/preset/serialise_preset.h"
#include "engine/streaming/keyword_spotter.h"
#include "tests/engine/tiny_models.h"

using namespace gruve;

namespace {

Preset with_points() {
    Preset preset = *tiny::keyword_preset(1, 0.8f, 3);
    preset.detection.points = {{0.5f, {0.8f, 0.9f, 0.95f}, {1, 7200, 600, 50, 80}},
                               {2.0f, {0.8f, 0.7f, 0.8f}, {4, 7200, 600, 60, 80}},
                               {8.0f, {0.8f, 0.3f, 0.2f}, {16, 7200, 600, 70, 80}}};
    preset.detection.counted = {2, 7200, 600, 55, 80};
    return preset;
}

std::uint8_t version_of(const std::vector<std::uint8_t>& file) { return file.at(8); }

}  // namespace

BOOST_AUTO_TEST_SUITE(operating_points)

BOOST_AUTO_TEST_CASE(they_survive_the_file_and_raise_its_version) {
    const Preset preset = with_points();
    const auto bytes = serialise(preset);
    BOOST_TEST(version_of(bytes) == 3);
    BOOST_TEST((deserialise(bytes) == preset));
    BOOST_TEST((serialise(deserialise(bytes)) == bytes));
}

BOOST_AUTO_TEST_CASE(a_preset_without_them_keeps_its_version_and_its_bytes) {
    Preset preset = with_points();
    const std::size_t with = serialise(preset).size();
    preset.detection.points.clear();
    const auto bytes = serialise(preset);
    BOOST_TEST(version_of(bytes) == 1);
    BOOST_TEST((deserialise(bytes).detection.counted == StreamCount{}));  // it belongs to the points
    BOOST_TEST((bytes == serialise(*tiny::keyword_preset(1, 0.8f, 3))));
    BOOST_TEST(bytes.size() < with);
    BOOST_TEST(with < bytes.size() + 500);
}

BOOST_AUTO_TEST_CASE(every_fault_is_refused_with_its_place) {
    using Points = std::vector<OperatingPoint>;
    const std::vector<std::pair<std::string, std::function<void(Preset&, Points&)>>> faults = {
        {"operating point 1: 0.4 alarms an hour", [](Preset&, Points& p) { p[1].alarms_per_hour = 0.4f; }},
        {"operating point 0", [](Preset&, Points& p) { p[0].alarms_per_hour = std::nanf(""); }},
        {"operating point 2: 2 thresholds for 3 labels", [](Preset&, Points& p) { p[2].threshold.pop_back(); }},
        {"operating point 0, threshold of word 1: 1.1", [](Preset&, Points& p) { p[0].threshold[1] = 1.1f; }},
        {"operating point 2, threshold of word 2: 0.9", [](Preset&, Points& p) { p[2].threshold[2] = 0.9f; }},
        {"operating point 0, threshold of word 1", [](Preset&, Points& p) { p[0].threshold[1] = std::nanf(""); }},
        {"operating point 0: thresholds on both sides", [](Preset&, Points& p) { p[0].threshold[1] = 0.75f; }},
        {"operating point 1: 81 hits of 80 words", [](Preset&, Points& p) { p[1].counted.hits = 81; }},
        {"operating point 1, time heard: -1", [](Preset&, Points& p) { p[1].counted.heard_s = -1; }},
        {"operating point 1, time recorded: 7201", [](Preset&, Points& p) { p[1].counted.recorded_s = 7201; }},
        {"counts of the thresholds: 9 hits of 0 words",
         [](Preset& preset, Points&) {
             preset.detection.counted = {0, 0, 0, 9, 0};
         }},
        {"17 operating points, allowed 0..16", [](Preset&, Points& p) { p.resize(17, p[0]); }},
        {"detects no words",
         [](Preset& preset, Points& p) {
             const Points points = p;
             preset = *tiny::denoiser_preset(1);
             preset.detection.points = points;
         }},
    };
    for (const auto& [message, damage] : faults) {
        Preset preset = with_points();
        damage(preset, preset.detection.points);
        BOOST_TEST(check(preset).find(message) != std::string::npos, message << " is missing in: " << check(preset));
        BOOST_CHECK_THROW(serialise(preset), PresetError);
    }
}

BOOST_AUTO_TEST_CASE(resealed_damage_never_gives_unsound_points) {
    const auto bytes = serialise(with_points());
    const auto payload = unwrap_preset(bytes);
    std::mt19937 random(7);
    int accepted = 0, altered_points = 0;
    for (int trial = 0; trial < 4000; ++trial) {
        std::vector<std::uint8_t> altered(payload.begin(), payload.end());
        for (int i = 0; i <= trial % 4; ++i) altered[random() % altered.size()] = static_cast<std::uint8_t>(random());
        try {
            const Preset preset = deserialise(wrap_preset(altered, 3));
            BOOST_REQUIRE_EQUAL(check(preset), "");
            altered_points += preset.detection.points != with_points().detection.points;
            ++accepted;
        } catch (const PresetError&) {
        }
    }
    BOOST_TEST(accepted > 0);
    BOOST_TEST(altered_points > 0);  // else this test would prove nothing
}

BOOST_AUTO_TEST_CASE(a_spotter_refuses_points_of_another_size) {
    Preset preset = with_points();
    preset.detection.points[1].threshold.pop_back();
    const auto shared = std::make_shared<const Preset>(preset);
    BOOST_CHECK_THROW(KeywordSpotter(shared, tiny::network_of(shared), 16000), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
