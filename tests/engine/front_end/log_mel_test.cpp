// Log-mel energies, and the small tools of the front ends.
#include "engine/front_end/log_mel.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

#include "engine/front_end/fast_log.h"
#include "engine/front_end/frame_buffer.h"
#include "tests/engine/signals.h"
#include "tests/engine/tiny_models.h"

using namespace gruve;

namespace {

std::vector<float> features_at(const std::vector<float>& sound, double time_s, double rate_hz,
                               const LogMelConfig& config = {}) {
    LogMel log_mel(config, rate_hz);
    std::vector<float> features(static_cast<std::size_t>(log_mel.bands()));
    log_mel.extract(std::span(sound).subspan(static_cast<std::size_t>(std::lround(time_s * rate_hz)),
                                             static_cast<std::size_t>(log_mel.window())),
                    features);
    return features;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(log_mel)

BOOST_AUTO_TEST_CASE(features_of_the_same_sound_agree_at_every_rate) {
    // A feature unit is scale_db = 20 dB, so that 0.02 is 0.4 dB.
    for (double rate_hz : {8000.0, 11025.0, 22050.0, 44100.0, 48000.0, 96000.0, 192000.0}) {
        const double top = rate_hz < 16000 ? 3400 : 7000;
        const std::size_t compared = rate_hz < 16000 ? 24 : 40;
        double largest = 0;
        for (double t : {0.0, 0.1, 0.2}) {
            const auto a = features_at(tiny::band_noise(80, top, 0.1, 16000, 0.3, 6, 600), t, 16000);
            const auto b = features_at(tiny::band_noise(80, top, 0.1, rate_hz, 0.3, 6, 600), t, rate_hz);
            for (std::size_t i = 0; i < compared; ++i) largest = std::max<double>(largest, std::abs(a[i] - b[i]));
        }
        BOOST_TEST_MESSAGE("log-mel at " << rate_hz << " Hz against 16 kHz: largest difference " << largest);
        BOOST_TEST(largest < 0.02);
    }
}

BOOST_AUTO_TEST_CASE(a_full_scale_tone_is_minus_three_decibels_in_all_bands_together) {
    for (double rate_hz : {8000.0, 16000.0, 44100.0, 48000.0}) {
        LogMelConfig config;
        double total = 0;
        for (float f : features_at(tiny::tone(1234, 1.0, rate_hz, 0.1), 0.02, rate_hz, config))
            total += std::pow(10.0, (f * config.scale_db - config.offset_db) / 10);
        BOOST_TEST(10 * std::log10(total) == -3.01, boost::test_tools::tolerance(0.05));
    }
}

BOOST_AUTO_TEST_CASE(
    counted_from_noise_floors_features_are_of_the_same_size_at_every_level_and_steady_noise_is_next_to_none) {
    const auto noise = tiny::white_noise(16000 * 8, 0.3, 4);
    const auto tone = tiny::tone(1000, 0.5, 16000, 8.0);
    const auto heard =
        [&](float gain) {  // features before and during a tone of half a second over noise, after 6 s of noise
            LogMel log_mel(tiny::from_noise_floors(), 16000);
            std::vector<float> frame(static_cast<std::size_t>(log_mel.window())),
                features(static_cast<std::size_t>(log_mel.bands()));
            std::vector<std::vector<float>> found;
            for (std::size_t at = 0; at + frame.size() < 104000; at += static_cast<std::size_t>(log_mel.hop())) {
                for (std::size_t i = 0; i < frame.size(); ++i)
                    frame[i] = gain * (0.3f * noise[at + i] + (at >= 96000 ? tone[at + i] : 0.0f));
                log_mel.extract(frame, features);
                found.push_back(features);
            }
            return std::pair(found[found.size() - 30], found.back());
        };
    const auto [loud_before, loud] = heard(1.0f);
    const auto [soft_before, soft] = heard(0.1f);
    const auto decibels = [](float feature) {
        return feature * tiny::from_noise_floors().scale_db - tiny::from_noise_floors().offset_db;
    };
    for (std::size_t b = 0; b < loud.size(); ++b) {
        BOOST_TEST(std::abs(loud[b] - soft[b]) < 0.01f);
        BOOST_TEST(decibels(loud_before[b]) >= -10.0f);
        BOOST_TEST(decibels(loud_before[b]) < 20.0f);
    }
    BOOST_TEST(decibels(*std::ranges::max_element(loud)) > 25.0f);
    BOOST_TEST((soft_before.size() == loud.size()));
}

BOOST_AUTO_TEST_CASE(noise_floors_are_forgotten_at_a_reset) {
    LogMel log_mel(tiny::from_noise_floors(), 16000);
    const auto noise = tiny::white_noise(static_cast<std::size_t>(log_mel.window()), 0.3, 4);
    const std::vector<float> silence(noise.size());
    std::vector<float> first(static_cast<std::size_t>(log_mel.bands())), again = first;
    log_mel.extract(noise, first);
    BOOST_TEST(*std::ranges::max_element(first) * tiny::from_noise_floors().scale_db -
                   tiny::from_noise_floors().offset_db >
               40.0f);  // as if after silence
    log_mel.extract(silence, again);
    log_mel.extract(noise, again);
    BOOST_TEST((again != first));
    log_mel.reset();
    log_mel.extract(noise, again);
    BOOST_TEST((again == first));
}

BOOST_AUTO_TEST_CASE(silence_and_bands_above_nyquist_give_the_floor) {
    const LogMelConfig config;
    const float floor = (config.floor_db + config.offset_db) / config.scale_db;
    for (float f : features_at(std::vector<float>(4800), 0.0, 48000))
        BOOST_TEST(f == floor, boost::test_tools::tolerance(1e-4f));
    const auto narrow = features_at(tiny::white_noise(800, 0.2, 2), 0.0, 8000);
    BOOST_TEST(narrow.back() == floor, boost::test_tools::tolerance(1e-4f));
    BOOST_TEST(narrow.front() > floor + 0.5f);
}

BOOST_AUTO_TEST_CASE(configurations_out_of_range_are_refused_with_the_allowed_range) {
    const auto refusal = [](const auto& spoil, double rate_hz = 16000) -> std::string {
        LogMelConfig config;
        spoil(config);
        try {
            LogMel(config, rate_hz);
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
        return "";
    };
    const auto nothing = [](LogMelConfig&) {};
    BOOST_TEST(refusal(nothing) == "");
    for (const double rate_hz : {7999.0, 192001.0, std::nan("")})
        BOOST_TEST(refusal(nothing, rate_hz).ends_with("Hz, allowed 8000..192000"));
    BOOST_TEST(refusal([](auto& c) { c.window_s = 0.2f; }).ends_with("s, allowed 0.005..0.1"));
    BOOST_TEST(refusal([](auto& c) { c.hop_s = 0.05f; }).ends_with("s, allowed 0.001..window"));
    BOOST_TEST(refusal([](auto& c) { c.bands = 257; }) == "log-mel: 257 bands, allowed 1..256");
    BOOST_TEST(refusal([](auto& c) { c.high_hz = c.low_hz; }) ==
               "log-mel: bands must lie in 0 <= low < high <= 96000 Hz");
    BOOST_TEST(refusal([](auto& c) { c.floor_db = 1; }).ends_with("dB, allowed -200..0"));
    BOOST_TEST(refusal([](auto& c) { c.scale_db = 0; }) == "log-mel: offset and scale must be finite, scale above 0");
    BOOST_TEST(refusal([](auto& c) { c.rise_s = 1; }).starts_with("log-mel: noise floor within 0.0"));  // fall_s is 0
    BOOST_TEST(refusal([](auto& c) { c.least_db = 1; }).ends_with("dB, allowed -100..0"));
    BOOST_TEST(refusal([](auto& c) { c.range_db = 0; }).ends_with("dB, allowed 1..200"));
}

BOOST_AUTO_TEST_CASE(fast_log_is_a_logarithm) {
    double worst = 0;
    for (double x = 1e-13; x < 1e13; x *= 1.0007)
        worst = std::max(
            worst, std::abs(fast_log2(static_cast<float>(x)) - std::log2(static_cast<double>(static_cast<float>(x)))));
    BOOST_TEST(worst < 4e-6);
    BOOST_TEST(fast_log2(1.0f) == 0.0f);
}

BOOST_AUTO_TEST_CASE(frame_buffer_gives_the_last_window_at_every_hop) {
    FrameBuffer buffer(5, 2);
    std::vector<float> stream = {1, 2, 3, 4, 5, 6, 7};
    std::vector<std::vector<float>> frames;
    std::span<const float> rest = stream;
    while (!rest.empty()) {
        rest = rest.subspan(buffer.push(rest));
        if (!buffer.full()) continue;
        frames.emplace_back(buffer.frame().begin(), buffer.frame().end());
        buffer.advance();
    }
    const std::vector<std::vector<float>> expected = {{0, 0, 0, 1, 2}, {0, 1, 2, 3, 4}, {2, 3, 4, 5, 6}};
    BOOST_TEST((frames == expected));
    BOOST_TEST(buffer.filled() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
