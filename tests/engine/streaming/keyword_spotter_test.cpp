// The keyword spotter on a stream.
#include "engine/streaming/keyword_spotter.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "tests/engine/signals.h"
#include "tests/engine/tiny_models.h"

using namespace gruve;

namespace {

KeywordSpotter spotter_of(const std::shared_ptr<const Preset>& preset, double rate_hz) {
    return {preset, tiny::network_of(preset), rate_hz};
}

template <typename NextSize>
std::vector<Detection> run(KeywordSpotter& spotter, const std::vector<float>& input, NextSize&& next_size) {
    std::vector<Detection> all, found(64);
    for (std::size_t at = 0; at < input.size();) {
        const std::size_t size = std::min<std::size_t>(next_size(), input.size() - at);
        const int count = spotter.process(std::span(input).subspan(at, size), found);
        all.insert(all.end(), found.begin(), found.begin() + count);
        at += size;
    }
    return all;
}

std::vector<Detection> run(KeywordSpotter& spotter, const std::vector<float>& input) {
    return run(spotter, input, [] { return std::size_t{512}; });
}

std::vector<float> silence(double rate_hz, double seconds) {
    return std::vector<float>(static_cast<std::size_t>(std::lround(rate_hz * seconds)));
}

DetectionConfig times(float refractory_s, float warm_up_s) {
    DetectionConfig detection;
    detection.refractory_s = refractory_s;
    detection.warm_up_s = warm_up_s;
    return detection;
}

/// Word 2 of 3 always has posterior 0.9.
std::shared_ptr<const Preset> always(DetectionConfig detection) {
    return tiny::constant_word_preset({0, 0, 1000}, static_cast<float>(std::log(18.0) / 1000), detection);
}

bool same(const Detection& a, const Detection& b) {
    return a.label == b.label && a.score == b.score && a.sample == b.sample;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(keyword_spotter)

BOOST_AUTO_TEST_CASE(any_split_of_the_stream_gives_the_same_detections) {
    for (double rate_hz : {8000.0, 16000.0, 44100.0, 48000.0}) {
        for (const LogMelConfig& front_end : {LogMelConfig{}, tiny::from_noise_floors()}) {
            Preset preset = *tiny::keyword_preset(21, 0.1f);
            preset.log_mel = front_end;
            preset.detection.warm_up_s = 0.2f;
            preset.detection.refractory_s = 0.1f;
            KeywordSpotter spotter = spotter_of(std::make_shared<const Preset>(preset), rate_hz);
            const std::vector<float> sound = tiny::lively(rate_hz, 2.0, 6);
            const std::vector<Detection> whole = run(spotter, sound, [&] { return sound.size(); });
            const std::vector<float> posteriors(spotter.posteriors().begin(), spotter.posteriors().end());
            BOOST_TEST(whole.size() > 2u);
            std::mt19937_64 random(3);
            for (std::size_t largest : {1u, 33u, 4096u}) {
                spotter.reset();
                const std::vector<Detection> split = run(spotter, sound, [&] { return 1 + random() % largest; });
                BOOST_TEST(std::ranges::equal(split, whole, same),
                           "blocks up to " << largest << " at " << rate_hz << " Hz differ");
                BOOST_TEST(std::ranges::equal(posteriors, spotter.posteriors()));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(posteriors_move_with_the_sound_and_add_up_to_one) {
    KeywordSpotter spotter = spotter_of(tiny::keyword_preset(21), 16000);
    run(spotter, tiny::lively(16000, 1.0, 6));
    const std::vector<float> before(spotter.posteriors().begin(), spotter.posteriors().end());
    run(spotter, tiny::tone(300, 0.3, 16000, 0.5));
    BOOST_TEST(!std::ranges::equal(before, spotter.posteriors()));
    float sum = 0;
    for (float p : spotter.posteriors()) sum += p;
    BOOST_TEST(sum == 1.0f, boost::test_tools::tolerance(1e-5f));
}

BOOST_AUTO_TEST_CASE(nothing_is_detected_before_the_warm_up_is_over) {
    for (double rate_hz : {8000.0, 16000.0, 48000.0, 192000.0}) {
        KeywordSpotter spotter = spotter_of(always(times(0.5f, 1.5f)), rate_hz);
        for (int round = 0; round < 2; ++round) {
            const auto found = run(spotter, silence(rate_hz, 1.9));
            BOOST_TEST_REQUIRE(found.size() == 1u);
            BOOST_TEST(found[0].sample == std::lround(1.5 * rate_hz));
            BOOST_TEST(found[0].label == 2);
            BOOST_TEST(found[0].score == 0.9f, boost::test_tools::tolerance(1e-3f));
            spotter.reset();  // starts the warm-up again
        }
    }
}

BOOST_AUTO_TEST_CASE(a_detection_is_decided_at_the_end_of_a_hop) {
    KeywordSpotter spotter = spotter_of(always(times(0, 0)), 16000);
    BOOST_TEST(spotter.hop() == 320);
    const auto found = run(spotter, silence(16000, 0.1));
    BOOST_TEST_REQUIRE(found.size() == 1u);
    BOOST_TEST(found[0].sample == 320);
}

BOOST_AUTO_TEST_CASE(other_is_never_detected_and_a_first_word_of_another_name_is) {
    const DetectionConfig at_once = times(0, 0);
    Preset preset = *tiny::constant_word_preset({1000, 0, 0}, 0.01f, at_once);
    KeywordSpotter deaf = spotter_of(std::make_shared<const Preset>(preset), 16000);
    BOOST_TEST(run(deaf, silence(16000, 1.0)).empty());
    preset.labels[0] = "yes";
    KeywordSpotter spotter = spotter_of(std::make_shared<const Preset>(preset), 16000);
    const auto found = run(spotter, silence(16000, 0.02));
    BOOST_TEST_REQUIRE(found.size() == 1u);
    BOOST_TEST(found[0].label == 0);
}

BOOST_AUTO_TEST_CASE(each_label_has_its_own_threshold) {
    Preset preset = *always(times(0, 0));
    preset.detection.threshold = {0, 0.5f, 0.95f};
    KeywordSpotter deaf = spotter_of(std::make_shared<const Preset>(preset), 16000);
    BOOST_TEST(run(deaf, silence(16000, 0.5)).empty());
    preset.detection.threshold = {0, 0.04f, 0.95f};  // word 1 has 0.05
    KeywordSpotter spotter = spotter_of(std::make_shared<const Preset>(preset), 16000);
    BOOST_TEST(run(spotter, silence(16000, 0.02)).front().label == 1);
}

BOOST_AUTO_TEST_CASE(posteriors_are_averaged_over_the_smoothing_time) {
    Preset preset = *tiny::keyword_preset(21);
    const std::vector<float> sound = tiny::lively(16000, 1.0, 6);
    preset.detection.smoothing_s = 0;
    KeywordSpotter sharp = spotter_of(std::make_shared<const Preset>(preset), 16000);
    preset.detection.smoothing_s = 0.1f;  // 5 hops
    KeywordSpotter smooth = spotter_of(std::make_shared<const Preset>(preset), 16000);
    std::vector<std::vector<float>> history;
    std::vector<Detection> none;
    for (std::size_t at = 0; at + 320 <= sound.size(); at += 320) {
        const auto hop = std::span(sound).subspan(at, 320);
        sharp.process(hop, none);
        smooth.process(hop, none);
        history.emplace_back(sharp.posteriors().begin(), sharp.posteriors().end());
        const std::size_t count = std::min<std::size_t>(5, history.size());
        for (std::size_t l = 0; l < 5; ++l) {
            float mean = 0;
            for (std::size_t i = history.size() - count; i < history.size(); ++i)
                mean += history[i][l] / static_cast<float>(count);
            BOOST_TEST_REQUIRE(smooth.posteriors()[l] == mean, boost::test_tools::tolerance(1e-5f));
        }
    }
}

BOOST_AUTO_TEST_CASE(more_detections_than_asked_for_are_left_out) {
    Preset preset = *tiny::keyword_preset(21, 0.1f);
    preset.detection.warm_up_s = preset.detection.refractory_s = preset.detection.smoothing_s = 0.0f;
    KeywordSpotter spotter = spotter_of(std::make_shared<const Preset>(preset), 16000);
    const std::vector<float> sound = tiny::lively(16000, 2.0, 6);
    const std::vector<Detection> all = run(spotter, sound, [&] { return sound.size(); });
    BOOST_TEST_REQUIRE(all.size() > 2u);
    spotter.reset();
    std::vector<Detection> two(2);
    BOOST_TEST(spotter.process(sound, two) == 2);
    BOOST_TEST(std::ranges::equal(two, std::span(all).first(2), same));
}

BOOST_AUTO_TEST_CASE(not_a_number_and_infinity_count_as_zero) {
    const std::vector<float> sound = tiny::lively(16000, 1.0, 4);
    std::vector<float> hurt = sound, zeroed = sound;
    for (std::size_t i = 4000; i < 8000; ++i) {
        hurt[i] = i % 2 ? std::numeric_limits<float>::quiet_NaN() : -std::numeric_limits<float>::infinity();
        zeroed[i] = 0;
    }
    KeywordSpotter spotter = spotter_of(tiny::keyword_preset(21), 16000);
    run(spotter, hurt);
    const std::vector<float> posteriors(spotter.posteriors().begin(), spotter.posteriors().end());
    for (float p : posteriors) BOOST_TEST((p >= 0 && p <= 1));
    spotter.reset();
    run(spotter, zeroed);
    BOOST_TEST(std::ranges::equal(posteriors, spotter.posteriors()));
}

BOOST_AUTO_TEST_CASE(softmax_of_extreme_logits_is_finite) {
    const std::vector<std::int16_t> logits = {32767, -32768, 0};
    std::vector<float> posteriors(3);
    softmax(logits, 1.0f, posteriors);
    BOOST_TEST(posteriors[0] == 1.0f);
    BOOST_TEST(posteriors[1] == 0.0f);
    softmax(logits, 1e-5f, posteriors);
    BOOST_TEST(posteriors[0] / posteriors[2] == std::exp(0.32767f), boost::test_tools::tolerance(1e-4f));
}

BOOST_AUTO_TEST_CASE(presets_of_another_kind_shape_or_rate_are_refused) {
    const auto preset = tiny::keyword_preset(1);
    const auto network = tiny::network_of(preset);
    BOOST_CHECK_THROW(KeywordSpotter(tiny::denoiser_preset(1), network, 48000), std::invalid_argument);
    BOOST_CHECK_THROW(KeywordSpotter(preset, tiny::network_of(tiny::denoiser_preset(1)), 48000), std::invalid_argument);
    BOOST_CHECK_THROW(KeywordSpotter(preset, network, 1e6), std::invalid_argument);
    Preset short_of = *preset;
    short_of.detection.threshold.pop_back();
    BOOST_CHECK_THROW(KeywordSpotter(std::make_shared<const Preset>(short_of), network, 48000), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
