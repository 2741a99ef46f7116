// The C API gives the engine's samples, refuses what it can't do, and keeps the audio thread's rules.
#include <gruve/gruve.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "engine/preset/serialise_preset.h"
#include "engine/streaming/denoiser.h"
#include "engine/streaming/keyword_spotter.h"
#include "tests/engine/signals.h"
#include "tests/engine/tiny_models.h"
#include "tests/real_time/violations.h"

using namespace gruve;

namespace {

struct Free {
    void operator()(gruve_preset* p) const { gruve_preset_free(p); }
    void operator()(gruve_denoiser* d) const { gruve_denoiser_free(d); }
    void operator()(gruve_spotter* s) const { gruve_spotter_free(s); }
};
template <class Handle>
using Owned = std::unique_ptr<Handle, Free>;

Owned<gruve_preset> open(const Preset& preset) {
    const auto bytes = serialise(preset);
    gruve_preset* handle = nullptr;
    char error[256] = "";
    BOOST_REQUIRE_MESSAGE(gruve_preset_open_bytes(bytes.data(), bytes.size(), &handle, error, sizeof error) == GRUVE_OK,
                          error);
    return Owned<gruve_preset>(handle);
}

Owned<gruve_denoiser> denoiser_of(const gruve_preset* preset, double rate_hz, int channels) {
    gruve_denoiser* handle = nullptr;
    char error[256] = "";
    BOOST_REQUIRE_MESSAGE(gruve_denoiser_create(preset, rate_hz, channels, &handle, error, sizeof error) == GRUVE_OK,
                          error);
    return Owned<gruve_denoiser>(handle);
}

std::vector<float> engine_output(const std::shared_ptr<const Preset>& preset, double rate_hz, std::vector<float> x) {
    Denoiser denoiser(preset, playable(*preset), rate_hz);
    denoiser.process(x, x);
    return x;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(c_api)

BOOST_AUTO_TEST_CASE(planar_interleaved_in_place_and_any_split_give_the_engines_samples) {
    const auto preset = tiny::denoiser_preset(3, tiny::with_comb());
    const auto handle = open(*preset);
    for (const double rate_hz : {8000.0, 44100.0, 48000.0}) {
        const std::vector<float> left = tiny::lively(rate_hz, 0.4, 1), right = tiny::lively(rate_hz, 0.4, 2);
        const auto expected_left = engine_output(preset, rate_hz, left);
        const auto planar = denoiser_of(handle.get(), rate_hz, 2), interleaved = denoiser_of(handle.get(), rate_hz, 2);

        std::vector<float> l = left, r = right, both(2 * left.size());
        for (std::size_t i = 0; i < left.size(); ++i) both[2 * i] = left[i], both[2 * i + 1] = right[i];
        const std::size_t sizes[] = {0, 1, 255, 256, 257, 1000, 4096};
        for (std::size_t at = 0, turn = 0; at < left.size(); ++turn) {
            const std::size_t count = std::min(sizes[turn % std::size(sizes)], left.size() - at);
            float* const channels[] = {l.data() + at, r.data() + at};
            BOOST_REQUIRE(gruve_denoiser_process(planar.get(), channels, channels, count) == GRUVE_OK);
            at += count;
        }
        BOOST_REQUIRE(gruve_denoiser_process_interleaved(interleaved.get(), both.data(), both.data(), left.size()) ==
                      GRUVE_OK);
        bool same = true;
        for (std::size_t i = 0; i < left.size(); ++i) same = same && both[2 * i] == l[i] && both[2 * i + 1] == r[i];
        BOOST_TEST(same);
        BOOST_TEST((l == expected_left), rate_hz << " Hz");
        BOOST_TEST((l != left));
    }
}

BOOST_AUTO_TEST_CASE(latency_is_known_before_a_denoiser_is_made) {
    DenoiserConfig ahead;
    ahead.look_ahead = 6;
    const auto handle = open(*tiny::denoiser_preset(1)), later = open(*tiny::denoiser_preset(1, ahead));
    for (const auto* preset : {handle.get(), later.get()})
        for (const double rate_hz : {8000.0, 11025.0, 44100.0, 44101.0, 48000.0, 96000.0, 192000.0})
            BOOST_TEST(gruve_preset_latency(preset, rate_hz) ==
                       gruve_denoiser_latency(denoiser_of(preset, rate_hz, 1).get()));
    BOOST_TEST(gruve_preset_latency(handle.get(), 48000) == 480);
    BOOST_TEST(gruve_preset_latency(later.get(), 48000) == 1920);
    BOOST_TEST(gruve_preset_latency(handle.get(), 7999) == GRUVE_ERROR_ARGUMENT);
    BOOST_TEST(gruve_preset_latency(nullptr, 48000) == GRUVE_ERROR_ARGUMENT);
}

BOOST_AUTO_TEST_CASE(no_mix_is_the_input_delayed_by_the_latency_and_the_ramp_makes_no_click) {
    DenoiserConfig ahead;
    ahead.look_ahead = 6;
    const auto handle = open(*tiny::constant_gain_preset(0, 1.0f, ahead));  // down as far as the limit allows
    const double rate_hz = 48000;
    const auto denoiser = denoiser_of(handle.get(), rate_hz, 1);
    gruve_denoiser_set(denoiser.get(), GRUVE_REDUCTION_LIMIT_DB, 100);
    const auto latency = static_cast<std::size_t>(gruve_denoiser_latency(denoiser.get()));
    const std::vector<float> input = tiny::tone(440, 0.5, rate_hz, 1.0);
    std::vector<float> output(input.size());
    const std::size_t half = input.size() / 2;
    const float* in = input.data();
    float* out = output.data();
    gruve_denoiser_process(denoiser.get(), &in, &out, half);
    BOOST_TEST(gruve_denoiser_set(denoiser.get(), GRUVE_MIX, 0.0f) == GRUVE_OK);
    in += half, out += half;
    gruve_denoiser_process(denoiser.get(), &in, &out, input.size() - half);
    const std::size_t ramp = 960;
    for (std::size_t i = half + ramp; i < input.size(); ++i) BOOST_REQUIRE(output[i] == input[i - latency]);
    float step = 0;
    for (std::size_t i = 1; i < output.size(); ++i) step = std::max(step, std::abs(output[i] - output[i - 1]));
    BOOST_TEST(step < 0.5f * 2 * 3.15f * 440 / 48000 + 0.5f / 960);  // the tone's own steepness and the ramp's
}

BOOST_AUTO_TEST_CASE(link_gives_all_channels_the_gains_of_the_engines_linked_channels) {
    const auto preset = tiny::denoiser_preset(5);
    const auto handle = open(*preset);
    const std::vector<float> left = tiny::lively(48000, 0.3, 1), right = tiny::lively(48000, 0.3, 2);
    std::vector<Denoiser> engine;
    for (int c = 0; c < 2; ++c) engine.emplace_back(preset, playable(*preset), 48000);
    std::vector<float> l = left, r = right, el = left, er = right;
    float* expected[] = {el.data(), er.data()};
    Denoiser::process_together(engine, expected, expected, left.size(), true);
    const auto denoiser = denoiser_of(handle.get(), 48000, 2);
    BOOST_TEST(gruve_denoiser_set(denoiser.get(), GRUVE_LINK, 1) == GRUVE_OK);
    float* const channels[] = {l.data(), r.data()};
    gruve_denoiser_process(denoiser.get(), channels, channels, left.size());
    BOOST_TEST((l == el && r == er));
}

BOOST_AUTO_TEST_CASE(spotter_hears_the_engines_detections) {
    const auto preset = tiny::keyword_preset(4, 0.2f);
    const auto handle = open(*preset);
    const std::vector<float> sound = tiny::lively(16000, 4.0, 3);
    KeywordSpotter engine(preset, playable(*preset), 16000);
    std::vector<Detection> expected(1000);
    expected.resize(static_cast<std::size_t>(engine.process(sound, expected)));
    BOOST_REQUIRE(!expected.empty());
    gruve_spotter* spotter = nullptr;
    BOOST_REQUIRE(gruve_spotter_create(handle.get(), 16000, &spotter, nullptr, 0) == GRUVE_OK);
    const Owned<gruve_spotter> owned(spotter);
    std::vector<gruve_detection> heard(1000);
    const int count = gruve_spotter_process(spotter, sound.data(), sound.size(), heard.data(), 1000);
    BOOST_REQUIRE(count == static_cast<int>(expected.size()));
    for (std::size_t i = 0; i < expected.size(); ++i)
        BOOST_TEST((heard[i].label == expected[i].label && heard[i].score == expected[i].score &&
                    heard[i].sample == expected[i].sample));
    std::vector<float> posteriors(preset->labels.size());
    BOOST_TEST(gruve_spotter_posteriors(spotter, posteriors.data(), static_cast<int>(posteriors.size())) ==
               static_cast<int>(preset->labels.size()));
    BOOST_TEST((std::ranges::equal(posteriors, engine.posteriors())));
    BOOST_TEST(gruve_spotter_process(spotter, sound.data(), sound.size(), nullptr, 0) == 0);
}

BOOST_AUTO_TEST_CASE(sensitivity_is_the_engines_and_only_in_its_range) {
    Preset preset = *tiny::keyword_preset(4, 0.3f);
    preset.detection.points = {{8.0f, std::vector<float>(preset.labels.size(), 0.2f), {}}};
    const auto handle = open(preset);
    const std::vector<float> sound = tiny::lively(16000, 4.0, 3);
    std::vector<int> counts;
    for (const float sensitivity : {-1.0f, 0.0f, 0.5f, 1.0f}) {
        KeywordSpotter engine(std::make_shared<const Preset>(preset), playable(preset), 16000);
        engine.set_sensitivity(sensitivity);
        std::vector<Detection> expected(1000);
        expected.resize(static_cast<std::size_t>(engine.process(sound, expected)));
        gruve_spotter* spotter = nullptr;
        BOOST_REQUIRE(gruve_spotter_create(handle.get(), 16000, &spotter, nullptr, 0) == GRUVE_OK);
        const Owned<gruve_spotter> owned(spotter);
        BOOST_TEST(gruve_spotter_sensitivity(spotter) == 0.0f);
        BOOST_TEST(gruve_spotter_set_sensitivity(spotter, sensitivity) == GRUVE_OK);
        for (const float refused : {-1.01f, 1.01f, NAN, INFINITY})
            BOOST_TEST(gruve_spotter_set_sensitivity(spotter, refused) == GRUVE_ERROR_ARGUMENT);
        gruve_spotter_reset(spotter);
        BOOST_TEST(gruve_spotter_sensitivity(spotter) == sensitivity);
        std::vector<gruve_detection> heard(1000);
        counts.push_back(gruve_spotter_process(spotter, sound.data(), sound.size(), heard.data(), 1000));
        BOOST_REQUIRE(counts.back() == static_cast<int>(expected.size()));
        for (std::size_t i = 0; i < expected.size(); ++i)
            BOOST_TEST((heard[i].label == expected[i].label && heard[i].sample == expected[i].sample));
    }
    BOOST_TEST(counts.front() < counts.back());
    BOOST_TEST(gruve_spotter_set_sensitivity(nullptr, 0) == GRUVE_ERROR_ARGUMENT);
    BOOST_TEST(std::isnan(gruve_spotter_sensitivity(nullptr)));
}

BOOST_AUTO_TEST_CASE(wrong_arguments_give_an_error_and_a_sentence) {
    char error[128] = "";
    gruve_preset* preset = nullptr;
    BOOST_TEST(gruve_preset_open_file("no/such/file.gruve", &preset, error, sizeof error) == GRUVE_ERROR_FILE);
    BOOST_TEST(std::string(error).find("no/such/file.gruve: ") == 0u);
    BOOST_TEST(gruve_preset_open_file(nullptr, &preset, error, sizeof error) == GRUVE_ERROR_ARGUMENT);
    BOOST_TEST(gruve_preset_open_bytes("abc", 3, &preset, error, sizeof error) == GRUVE_ERROR_PRESET);
    BOOST_TEST(std::string(error).find("not a Gruve preset") == 0u);
    BOOST_TEST(gruve_preset_open_bytes("abc", 3, &preset, error, 4) == GRUVE_ERROR_PRESET);
    BOOST_TEST(std::string(error) == "not");  // cut to the room that there is
    BOOST_TEST(gruve_preset_open_bytes("abc", 3, nullptr, nullptr, 0) == GRUVE_ERROR_ARGUMENT);

    const auto words = open(*tiny::keyword_preset(1)), noise = open(*tiny::denoiser_preset(1));
    gruve_denoiser* denoiser = nullptr;
    BOOST_TEST(gruve_denoiser_create(words.get(), 48000, 1, &denoiser, error, sizeof error) == GRUVE_ERROR_KIND);
    for (const double rate : {0.0, 4000.0, 192001.0, std::nan(""), std::numeric_limits<double>::infinity()})
        BOOST_TEST(gruve_denoiser_create(noise.get(), rate, 1, &denoiser, error, sizeof error) == GRUVE_ERROR_ARGUMENT);
    for (const int channels : {-1, 0, 65})
        BOOST_TEST(gruve_denoiser_create(noise.get(), 48000, channels, &denoiser, error, sizeof error) ==
                   GRUVE_ERROR_ARGUMENT);
    BOOST_TEST((denoiser == nullptr));
    BOOST_TEST(gruve_denoiser_create(nullptr, 48000, 1, &denoiser, error, sizeof error) == GRUVE_ERROR_ARGUMENT);
    gruve_spotter* spotter = nullptr;
    BOOST_TEST(gruve_spotter_create(noise.get(), 48000, &spotter, error, sizeof error) == GRUVE_ERROR_KIND);

    const auto made = denoiser_of(noise.get(), 48000, 1);
    float sample = 0, *channel = &sample, *none = nullptr;
    BOOST_TEST(gruve_denoiser_process(made.get(), nullptr, &channel, 1) == GRUVE_ERROR_ARGUMENT);
    BOOST_TEST(gruve_denoiser_process(made.get(), &channel, &none, 1) == GRUVE_ERROR_ARGUMENT);
    BOOST_TEST(gruve_denoiser_process(nullptr, &channel, &channel, 1) == GRUVE_ERROR_ARGUMENT);
    BOOST_TEST(gruve_denoiser_process(made.get(), nullptr, nullptr, 0) == GRUVE_OK);
    BOOST_TEST(gruve_denoiser_process_interleaved(made.get(), nullptr, &sample, 1) == GRUVE_ERROR_ARGUMENT);
    for (const float value : {-0.1f, 1.1f, NAN})
        BOOST_TEST(gruve_denoiser_set(made.get(), GRUVE_MIX, value) == GRUVE_ERROR_ARGUMENT);
    BOOST_TEST(gruve_denoiser_get(made.get(), GRUVE_MIX) == 1.0f);
    BOOST_TEST(gruve_denoiser_set(made.get(), 99, 0) == GRUVE_ERROR_ARGUMENT);
    BOOST_TEST(std::isnan(gruve_denoiser_get(made.get(), -1)));
    gruve_denoiser_free(nullptr), gruve_preset_free(nullptr), gruve_spotter_free(nullptr);
}

BOOST_AUTO_TEST_CASE(samples_that_are_not_finite_count_as_zero_dry_and_wet) {
    const auto handle = open(*tiny::denoiser_preset(2));
    const auto denoiser = denoiser_of(handle.get(), 48000, 1);
    gruve_denoiser_set(denoiser.get(), GRUVE_MIX, 0.5f);
    std::vector<float> sound = tiny::lively(48000, 0.2, 1);
    for (std::size_t i = 100; i < sound.size(); i += 977) sound[i] = i % 2 == 0 ? NAN : INFINITY;
    gruve_denoiser_process_interleaved(denoiser.get(), sound.data(), sound.data(), sound.size());
    BOOST_TEST(std::ranges::all_of(sound, [](float x) { return std::isfinite(x); }));
}

BOOST_AUTO_TEST_CASE(nothing_real_time_allocates_locks_or_calls_the_system) {
    const auto noise = open(*tiny::denoiser_preset(4, tiny::with_comb())), words = open(*tiny::keyword_preset(4, 0.2f));
    const auto denoiser = denoiser_of(noise.get(), 48000, 2);
    gruve_spotter* spotter = nullptr;
    BOOST_REQUIRE(gruve_spotter_create(words.get(), 48000, &spotter, nullptr, 0) == GRUVE_OK);
    const Owned<gruve_spotter> owned(spotter);
    std::vector<float> both = tiny::lively(48000, 0.5, 1);
    std::vector<gruve_detection> heard(16);
    const test::Violations found = test::violations_of([&] {
        for (const std::size_t frames : {1u, 64u, 333u, 4096u}) {
            gruve_denoiser_process_interleaved(denoiser.get(), both.data(), both.data(), frames);
            gruve_denoiser_set(denoiser.get(), GRUVE_MIX, 0.3f);
            gruve_denoiser_set(denoiser.get(), GRUVE_REDUCTION_LIMIT_DB, 12);
            gruve_spotter_process(spotter, both.data(), frames, heard.data(), 16);
            gruve_spotter_set_sensitivity(spotter, frames == 64 ? 0.7f : -0.3f);
        }
        gruve_denoiser_reset(denoiser.get());
        gruve_spotter_reset(spotter);
    });
    BOOST_TEST((found == test::Violations{}), to_string(found));
}

BOOST_AUTO_TEST_SUITE_END()
