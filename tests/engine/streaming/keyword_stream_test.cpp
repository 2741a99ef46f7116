// Factory presets on streams that contain no speech.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>

#include "engine/preset/deserialise_preset.h"
#include "engine/streaming/keyword_spotter.h"

using namespace gruve;

namespace {

constexpr const char* factory_presets[] = {"wake_words-8bit", "wake_words_live-8bit", "wake_words_live-recommended",
                                           "digits_by_take_live-8bit", "digits_live-8bit"};

std::shared_ptr<const Preset> factory_preset(const std::string& name) {
    std::ifstream file(std::filesystem::path(GRUVE_SOURCE_DIR) / "presets" / (name + ".gruve"), std::ios::binary);
    BOOST_REQUIRE(file);
    const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
    return std::make_shared<const Preset>(deserialise(bytes));
}

template <typename Sample>
int detections(KeywordSpotter& spotter, double rate_hz, double seconds, Sample&& sample) {
    std::vector<float> block(1024);
    std::vector<Detection> found(64);
    int count = 0;
    const auto end = static_cast<std::int64_t>(seconds * rate_hz);
    for (std::int64_t at = 0; at < end; at += std::ssize(block)) {
        for (std::size_t i = 0; i < block.size(); ++i) block[i] = sample(at + static_cast<std::int64_t>(i));
        count += spotter.process(block, found);
        for (const float p : spotter.posteriors()) BOOST_REQUIRE((p >= 0.0f && p <= 1.0f));
    }
    return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(keyword_stream)

BOOST_AUTO_TEST_CASE(squares_steps_and_broken_numbers_give_no_burst_and_leave_no_trace) {
    for (const char* name : factory_presets) {
        BOOST_TEST_INFO_SCOPE(name);
        const auto preset = factory_preset(name);
        const auto network = std::make_shared<const Network>(preset->model);
        const auto silence = [](std::int64_t) { return 0.0f; };
        for (const double rate_hz : {8000.0, 16000.0, 44100.0, 192000.0}) {
            KeywordSpotter spotter(preset, network, rate_hz);
            const int most = 1 + static_cast<int>(3.0f / preset->detection.refractory_s);  // in three seconds
            BOOST_TEST_CONTEXT(rate_hz << " Hz") {
                BOOST_TEST(detections(spotter, rate_hz, 3, [](std::int64_t i) { return i / 30 % 2 ? 1.0f : -1.0f; }) <=
                           most);
                BOOST_TEST(detections(spotter, rate_hz, 3, [](std::int64_t) { return 1.0f; }) <= most);
                BOOST_TEST(detections(spotter, rate_hz, 3, [](std::int64_t i) {
                               return i % 3   ? std::numeric_limits<float>::quiet_NaN()
                                      : i % 2 ? std::numeric_limits<float>::infinity()
                                              : -std::numeric_limits<float>::max();
                           }) <= most);
                detections(spotter, rate_hz, 3, silence);  // until the network has forgotten it all
                BOOST_TEST(detections(spotter, rate_hz, 10, silence) == 0);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(ten_minutes_of_silence_hold_no_word) {
    for (const char* name : factory_presets) {
        BOOST_TEST_INFO_SCOPE(name);
        const auto preset = factory_preset(name);
        KeywordSpotter spotter(preset, std::make_shared<const Network>(preset->model), 16000);
        BOOST_TEST(detections(spotter, 16000, 600, [](std::int64_t) { return 0.0f; }) == 0);
    }
}

BOOST_AUTO_TEST_CASE(no_word_is_heard_in_the_first_second_and_a_half_of_silence_or_noise) {
    for (const char* name : factory_presets) {
        BOOST_TEST_INFO_SCOPE(name);
        const auto preset = factory_preset(name);
        const auto network = std::make_shared<const Network>(preset->model);
        BOOST_TEST(preset->detection.warm_up_s >= 1.5f);
        for (const float level : {0.0f, 0.001f, 0.1f, 1.0f}) {
            KeywordSpotter spotter(preset, network, 48000);
            std::mt19937 random(1);
            std::uniform_real_distribution<float> value(-1, 1);
            BOOST_TEST(detections(spotter, 48000, 1.45, [&](std::int64_t) { return level * value(random); }) == 0);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
