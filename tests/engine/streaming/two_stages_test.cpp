// Presets of two networks in series, and the file that holds them.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "engine/preset/check_preset.h"
#include "engine/preset/deserialise_preset.h"
#include "engine/preset/preset_file.h"
#include "engine/preset/serialise_preset.h"
#include "engine/streaming/denoiser.h"
#include "tests/engine/signals.h"
#include "tests/engine/tiny_bands.h"
#include "tests/engine/tiny_models.h"

using namespace gruve;

namespace {

DenoiserConfig slower(DenoiserConfig config = {}) {
    config.net_every = 2;
    return config;
}

std::shared_ptr<const Preset> in_series(const Preset& first, Preset second) {
    second.before = {first};
    BOOST_REQUIRE_EQUAL(check(second), "");
    return std::make_shared<const Preset>(std::move(second));
}

std::shared_ptr<const Preset> two_stages(std::uint64_t seed) {
    return in_series(*tiny::denoiser_preset(seed, tiny::with_comb()),
                     *tiny::denoiser_preset(seed + 1, tiny::with_comb(slower())));
}

Denoiser denoiser_of(const std::shared_ptr<const Preset>& preset, double rate_hz = 16000) {
    return {preset, playable(*preset), rate_hz};
}

std::vector<float> run(Denoiser& denoiser, const std::vector<float>& input, std::size_t largest = 512) {
    std::vector<float> output(input.size());
    std::mt19937_64 random(1);
    for (std::size_t at = 0; at < input.size();) {
        const std::size_t size = std::min<std::size_t>(1 + random() % largest, input.size() - at);
        denoiser.process(std::span(input).subspan(at, size), std::span(output).subspan(at, size));
        at += size;
    }
    return output;
}

std::vector<float> run(const std::shared_ptr<const Preset>& preset, const std::vector<float>& input) {
    Denoiser denoiser = denoiser_of(preset);
    return run(denoiser, input);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(two_stages_in_series)

BOOST_AUTO_TEST_CASE(any_split_of_the_stream_gives_the_same_samples) {
    for (const double rate_hz : {16000.0, 48000.0}) {
        Denoiser denoiser = denoiser_of(two_stages(3), rate_hz);
        const std::vector<float> sound = tiny::lively(rate_hz, 0.7, 2);
        std::vector<float> whole(sound.size());
        denoiser.process(sound, whole);
        for (const std::size_t largest : {1u, 7u, 300u, 4096u}) {
            denoiser.reset();
            BOOST_TEST((run(denoiser, sound, largest) == whole), "blocks up to " << largest);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_second_hears_what_the_first_leaves) {
    const std::vector<float> sound = tiny::lively(16000, 0.7, 2);
    const auto real = tiny::denoiser_preset(3, slower());
    const auto open = tiny::constant_gain_preset(1, 1.0f), half = tiny::constant_gain_preset(1, 0.5f);
    BOOST_TEST((run(in_series(*real, *open), sound) == run(real, sound)));
    BOOST_TEST((run(in_series(*open, *real), sound) == run(real, sound)));
    // The features of a preset are those of a quieter sound behind a gain of a half, so its own gains stay nearly the
    // same and the output is half as loud.
    Denoiser alone = denoiser_of(real), behind = denoiser_of(in_series(*half, *real));
    run(alone, sound);
    run(behind, sound);
    for (std::size_t b = 0; b < alone.band_gains().size(); ++b)
        BOOST_TEST(std::abs(behind.band_gains()[b] - 0.5f * alone.band_gains()[b]) < 0.05f);
    // A first stage that mutes all leaves the second nothing.
    const std::vector<float> muted = run(in_series(*tiny::constant_gain_preset(0, 1.0f), *open), sound);
    BOOST_TEST(std::ranges::all_of(muted, [](float v) { return v == 0.0f; }));
}

BOOST_AUTO_TEST_CASE(latency_is_that_of_one_stage) {
    const auto preset = two_stages(3);
    BOOST_TEST(denoiser_of(preset, 48000).latency() == Denoiser::latency_of(preset->denoiser, 48000));
    BOOST_TEST(denoiser_of(preset, 48000).latency() == 480);
}

BOOST_AUTO_TEST_CASE(the_reduction_limit_is_that_of_both_together) {
    const std::vector<float> sound = tiny::white_noise(4000, 0.1, 2);
    const auto quarter = tiny::constant_gain_preset(1, 0.25f);
    const auto gain_at = [&](float limit_db) {
        Denoiser denoiser = denoiser_of(in_series(*quarter, *quarter));
        denoiser.set({.reduction_limit_db = limit_db});
        run(denoiser, sound);
        return denoiser.band_gains()[7];
    };
    const auto near = boost::test_tools::tolerance(1e-5f);
    BOOST_TEST(gain_at(0) == 1.0f);
    BOOST_TEST(gain_at(6) == std::pow(10.0f, -0.3f), near);  // reached by the first alone
    BOOST_TEST(gain_at(20) == 0.1f, near);                   // by both
    BOOST_TEST(gain_at(40) == 0.0625f, near);                // not reached
}

BOOST_AUTO_TEST_CASE(linked_channels_get_the_same_gains_from_both) {
    const auto preset = two_stages(5);
    std::vector<Denoiser> channels;
    for (int c = 0; c < 2; ++c) channels.push_back(denoiser_of(preset));
    std::vector<float> left = tiny::lively(16000, 0.5, 2), right = tiny::white_noise(left.size(), 0.1, 7);
    const float* in[] = {left.data(), right.data()};
    float* out[] = {left.data(), right.data()};
    Denoiser::process_together(channels, in, out, left.size(), true);
    BOOST_TEST(std::ranges::equal(channels[0].band_gains(), channels[1].band_gains()));
    BOOST_TEST((left != right));
}

BOOST_AUTO_TEST_CASE(a_first_network_that_is_missing_is_refused) {
    const auto preset = two_stages(3);
    PlayableNetwork second = playable(*preset);
    second.first_stage = nullptr;
    BOOST_CHECK_THROW(Denoiser(preset, second, 16000), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(both_survive_the_file_which_is_of_version_3) {
    const auto preset = two_stages(3);
    const auto bytes = serialise(*preset);
    BOOST_TEST((deserialise(bytes) == *preset));
    BOOST_TEST((serialise(deserialise(bytes)) == bytes));
    BOOST_TEST(bytes[8] == 3);
    BOOST_TEST(serialise(preset->before.front())[8] == 1);
    BOOST_TEST(parameter_bytes(*preset) ==
               parameter_bytes(preset->model).total() + parameter_bytes(preset->before.front().model).total());
}

BOOST_AUTO_TEST_CASE(what_cannot_stand_in_series_is_refused) {
    Preset preset = *two_stages(3);
    const auto refused = [&](const auto& change) {
        Preset changed = preset;
        change(changed);
        return check(changed);
    };
    const std::string differs = "first stage: its rate, window, latency, bands and bandwidth differ from the second's";
    BOOST_TEST(refused([](Preset& p) { p.before.front().denoiser.latency_s = 0.005f; }) == differs);
    BOOST_TEST(refused([](Preset& p) { p.before.front().rate_hz = 48000; }) == differs);
    BOOST_TEST(refused([](Preset& p) { p.before.front().denoiser.high_hz = 7000; }) == differs);
    BOOST_TEST(refused([](Preset& p) { p.before.push_back(p.before.front()); }) == "2 first stages, allowed 0..1");
    BOOST_TEST(refused([&](Preset& p) { p.before = {preset}; }) ==
               "first stage: a preset of two stages, allowed one of one stage");
    BOOST_TEST(refused([](Preset& p) { p.before = {*tiny::keyword_preset(4, 0.2f)}; }) ==
               "first stage: not a denoiser before a denoiser");
    BOOST_TEST(refused([](Preset& p) { p.before.front().denoiser.net_every = 0; }) ==
               "first stage: denoiser frames per step: 0, allowed 1..16");
}

// Files within files end after one, or a hostile one could exhaust the stack.
BOOST_AUTO_TEST_CASE(a_file_of_three_stages_is_refused) {
    const auto two = serialise(*two_stages(3));
    Preset first = two_stages(3)->before.front();
    while (serialise(first).size() < two.size()) first.provenance += "word";
    const auto place_holder = serialise(first);
    BOOST_REQUIRE_EQUAL(place_holder.size(), two.size());
    const auto file = serialise(*in_series(first, *tiny::denoiser_preset(4, tiny::with_comb())));
    const auto payload = unwrap_preset(file);
    std::vector<std::uint8_t> altered(payload.begin(), payload.end());
    const auto place = std::ranges::search(altered, place_holder);
    BOOST_REQUIRE(!place.empty());
    std::ranges::copy(two, place.begin());
    BOOST_CHECK_EXCEPTION(deserialise(wrap_preset(altered, 3)), PresetError, [](const PresetError& error) {
        return std::string(error.what()).find("a preset of two stages, allowed one of one stage") != std::string::npos;
    });
}

// Whatever byte is wrong, the preset is refused or is sound; a sound one runs.
BOOST_AUTO_TEST_CASE(damage_never_gives_an_unsound_preset) {
    const auto preset = two_stages(3);
    const auto file = serialise(*preset);
    const auto payload = unwrap_preset(file);
    tiny::Random random(1);
    int refused = 0;
    const std::vector<float> sound(2000, 0.1f);
    for (int i = 0; i < 600; ++i) {
        std::vector<std::uint8_t> altered(payload.begin(), payload.end());
        altered[random() % altered.size()] = static_cast<std::uint8_t>(random());
        try {
            const auto made = std::make_shared<const Preset>(deserialise(wrap_preset(altered, 3)));
            run(made, sound);
        } catch (const PresetError&) {
            ++refused;
        }
    }
    BOOST_TEST(refused > 100);
}

BOOST_AUTO_TEST_SUITE_END()
