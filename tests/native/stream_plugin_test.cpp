// The sound of the LADSPA and LV2 plugins: the C API's samples, changes without clicks, and hosts that misbehave.
#include "plugin/native/stream_plugin.h"

#include <gruve/gruve.hpp>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "plugin/native/controls.h"
#include "plugin/native/preset_index.h"
#include "tests/engine/signals.h"
#include "tests/real_time/violations.h"

using namespace gruve::plugin;
using gruve::test::Violations;

namespace {

constexpr double rate_hz = 48000;

/// One channel through `plugin` in blocks of `block` frames.
std::vector<float> play(StreamPlugin& plugin, const ControlValues& values, std::vector<float> sound,
                        std::size_t block = 512) {
    for (std::size_t at = 0; at < sound.size(); at += block) {
        float* const channel[] = {sound.data() + at};
        plugin.run(values, channel, channel, std::min(block, sound.size() - at));
    }
    return sound;
}

std::vector<float> expected_output(int number, std::vector<float> sound, int pad = 0) {
    for (const NumberedPreset& preset : factory_index()) {
        if (preset.number != number) continue;
        auto denoiser = gruve::Preset::open(preset.bytes.data(), preset.bytes.size()).denoiser(rate_hz);
        denoiser.process_interleaved(sound.data(), sound.data(), sound.size());
        sound.insert(sound.begin(), static_cast<std::size_t>(pad), 0.0f);
        sound.resize(sound.size() - static_cast<std::size_t>(pad));
        return sound;
    }
    BOOST_FAIL("no preset " << number);
    return {};
}

float largest_step(const std::vector<float>& sound) {
    float step = 0;
    for (std::size_t i = 1; i < sound.size(); ++i) step = std::max(step, std::abs(sound[i] - sound[i - 1]));
    return step;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stream_plugin)

BOOST_AUTO_TEST_CASE(every_factory_number_plays_its_preset_from_the_first_sample_on) {
    const std::vector<float> sound = gruve::tiny::lively(rate_hz, 0.5, 1);
    for (const NumberedPreset& preset : factory_index()) {
        BOOST_TEST_INFO_SCOPE(preset.name);
        const bool studio = preset.name.starts_with("denoise_studio"), live = preset.name.starts_with("denoise_live");
        StreamPlugin plugin(studio ? LatencyMode::studio : LatencyMode::quality, 1, rate_hz);
        BOOST_TEST(plugin.latency() == (studio ? 1920 : 480));
        ControlValues values;
        values.preset = preset.number;
        BOOST_TEST((play(plugin, values, sound) == expected_output(preset.number, sound, live ? 240 : 0)));
    }
}

BOOST_AUTO_TEST_CASE(any_block_size_gives_the_same_samples) {
    const std::vector<float> sound = gruve::tiny::lively(rate_hz, 0.5, 2);
    const std::vector<float> expected = expected_output(3, sound);
    for (const std::size_t block : {1u, 255u, 257u, 65536u}) {
        StreamPlugin plugin(LatencyMode::quality, 1, rate_hz);
        ControlValues values;
        values.preset = 3;
        float* const nothing[] = {nullptr};
        plugin.run(values, nothing, nothing, 0);
        BOOST_TEST((play(plugin, values, sound, block) == expected), block << " frames");
    }
}

BOOST_AUTO_TEST_CASE(an_offline_change_is_built_by_run_and_faded_in_without_a_click) {
    const std::vector<float> tone = gruve::tiny::tone(200, 0.25, rate_hz, 2.0);
    StreamPlugin plugin(LatencyMode::quality, 1, rate_hz);
    ControlValues values;
    values.preset = 3, values.offline = true;
    std::vector<float> out = play(plugin, values, tone);
    values.preset = 1;
    const std::vector<float> changed = play(plugin, values, tone);
    out.insert(out.end(), changed.begin(), changed.end());
    // The tone's own steepness, twice, and the fade's: −60 dB of full scale is far below a click of 0.25.
    BOOST_TEST(largest_step(out) < 2 * 0.25f * 2 * 3.1416f * 200 / 48000 + 0.001f);
    const std::vector<float> settled(changed.end() - 24000, changed.end());
    const std::vector<float> alone = expected_output(1, tone);
    float difference = 0;
    for (std::size_t i = 0; i < settled.size(); ++i)
        difference = std::max(difference, std::abs(settled[i] - alone[alone.size() - settled.size() + i]));
    BOOST_TEST(difference < 0.02f);  // the new preset is what is heard
}

BOOST_AUTO_TEST_CASE(a_live_change_comes_from_the_worker_while_the_audio_thread_keeps_its_rules) {
    const std::vector<float> sound = gruve::tiny::lively(rate_hz, 0.5, 3);
    StreamPlugin plugin(LatencyMode::quality, 1, rate_hz);
    ControlValues values;
    values.preset = 3;
    play(plugin, values, std::vector<float>(512));
    values.preset = 6;
    StreamPlugin unchanged(LatencyMode::quality, 1, rate_hz);
    ControlValues old_values;
    old_values.preset = 3;
    play(unchanged, old_values, std::vector<float>(512));
    Violations found;
    float first_difference = 0, last_difference = 0;
    // In real time, so that the plugin doesn't take the host for an offline one: 1.2 s of sound.
    for (std::size_t block = 0; block < 112; ++block) {
        const auto begin = sound.begin() + static_cast<std::ptrdiff_t>(512 * (block % 40));
        std::vector<float> changed(begin, begin + 512);
        const std::vector<float> old = play(unchanged, old_values, changed);
        float* const channel[] = {changed.data()};
        found += gruve::test::violations_of([&] { plugin.run(values, channel, channel, 512); });
        float difference = 0;
        for (std::size_t i = 0; i < 512; ++i) difference = std::max(difference, std::abs(changed[i] - old[i]));
        (block < 40 ? first_difference : last_difference) =
            std::max(block < 40 ? first_difference : last_difference, difference);
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    BOOST_TEST((found == Violations{}), to_string(found));
    BOOST_TEST(first_difference == 0.0f);  // until the new preset has settled, the old one is heard
    BOOST_TEST(last_difference > 0.001f);
}

BOOST_AUTO_TEST_CASE(a_preset_that_was_left_offline_comes_back_live) {
    StreamPlugin plugin(LatencyMode::quality, 1, rate_hz);
    ControlValues values;
    values.preset = 3, values.offline = true;
    play(plugin, values, std::vector<float>(512));
    values.preset = 6;
    play(plugin, values, std::vector<float>(48000));
    plugin.activate();
    values.preset = 3, values.offline = false;
    const std::vector<float> sound = gruve::tiny::lively(rate_hz, 0.5, 7);
    StreamPlugin unchanged(LatencyMode::quality, 1, rate_hz);
    ControlValues old_values;
    old_values.preset = 6;
    float first_difference = 0, last_difference = 0;
    for (std::size_t block = 0; block < 112; ++block) {
        const auto begin = sound.begin() + static_cast<std::ptrdiff_t>(512 * (block % 40));
        const std::vector<float> part(begin, begin + 512);
        const std::vector<float> now = play(plugin, values, part), old = play(unchanged, old_values, part);
        float& difference = block < 40 ? first_difference : last_difference;
        for (std::size_t i = 0; i < 512; ++i) difference = std::max(difference, std::abs(now[i] - old[i]));
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    BOOST_TEST(first_difference == 0.0f);  // preset 6 until the other one has settled
    BOOST_TEST(last_difference > 0.001f);
}

BOOST_AUTO_TEST_CASE(bypass_and_unknown_numbers_pass_the_sound_delayed_by_the_latency) {
    const std::vector<float> sound = gruve::tiny::lively(rate_hz, 0.5, 4);
    for (const int number : {0, 999, 1}) {
        StreamPlugin plugin(LatencyMode::live, 1, rate_hz);
        BOOST_TEST(plugin.latency() == 240);
        ControlValues values;
        values.preset = number == 1 ? 2 : number;
        values.enabled = number != 1;
        std::vector<float> out = play(plugin, values, sound);
        if (number == 1) out = play(plugin, values, sound);  // after the crossfade
        for (std::size_t i = 1200; i < sound.size(); ++i) BOOST_REQUIRE(out[i] == sound[i - 240]);
    }
}

BOOST_AUTO_TEST_CASE(a_preset_that_needs_more_latency_than_the_mode_is_refused_and_the_old_one_plays_on) {
    const std::vector<float> sound = gruve::tiny::lively(rate_hz, 1.0, 5);
    StreamPlugin plugin(LatencyMode::live, 1, rate_hz);
    ControlValues values;
    values.preset = 2, values.offline = true;
    play(plugin, values, std::vector<float>(512));
    values.preset = 1;  // 10 ms
    BOOST_TEST((play(plugin, values, sound) == expected_output(2, sound)));
}

BOOST_AUTO_TEST_CASE(unconnected_ports_wrong_rates_and_no_numbers_do_no_harm) {
    std::vector<float> sound = gruve::tiny::lively(rate_hz, 0.2, 6);
    StreamPlugin plugin(LatencyMode::quality, 2, rate_hz);
    float* const half[] = {sound.data(), nullptr};
    const float* const none[] = {nullptr, nullptr};
    plugin.run({}, half, half, sound.size());
    plugin.run({}, none, half, sound.size());
    BOOST_TEST(std::ranges::all_of(sound, [](float x) { return std::isfinite(x); }));
    float* const swapped[] = {sound.data() + 100, sound.data()};
    plugin.run({}, half, swapped, 100);

    StreamPlugin slow(LatencyMode::quality, 1, 4000);
    const std::vector<float> passed = play(slow, {}, sound);
    BOOST_TEST(passed[passed.size() - 1] == sound[sound.size() - 1 - static_cast<std::size_t>(slow.latency())]);

    const float nan = std::numeric_limits<float>::quiet_NaN(), large = 1e30f;
    BOOST_TEST(in_range(Control::mix, &nan) == 100.0f);
    BOOST_TEST(in_range(Control::mix, nullptr) == 100.0f);
    BOOST_TEST(in_range(Control::reduction_limit, &large) == 96.0f);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(preset_index)

BOOST_AUTO_TEST_CASE(own_presets_get_a_number_once_and_keep_it) {
    namespace fs = std::filesystem;
    const fs::path folder = fs::temp_directory_path() / "gruve_numbers_test";
    fs::remove_all(folder);
    fs::create_directories(folder);
    const auto touch = [&](const char* name) { std::ofstream(folder / name) << "x"; };
    touch("room.gruve"), touch("hall.gruve"), touch("notes.txt");
    number_own_presets(folder);
    auto own = own_index(folder);
    BOOST_REQUIRE(own.size() == 2u);
    BOOST_TEST(own[0].number == 1000);
    BOOST_TEST(own[0].name == "hall");
    BOOST_TEST(own[1].number == 1001);

    fs::remove(folder / "hall.gruve");
    touch("attic.gruve");
    number_own_presets(folder);
    own = own_index(folder);
    BOOST_REQUIRE(own.size() == 2u);
    BOOST_TEST(own[0].name == "room");
    BOOST_TEST(own[1].number == 1002);
    BOOST_TEST(own[1].name == "attic");
    std::ofstream(folder / "numbers.txt", std::ios::app) << "12 stolen\nnonsense\n 5\n99999999 x\n1003\n";
    BOOST_TEST(own_index(folder).size() == 2u);
    fs::remove_all(folder);
}

BOOST_AUTO_TEST_CASE(factory_numbers_are_the_published_ones) {
    // Sessions and scripts hold these: a number may be added, never changed.
    const std::vector<std::pair<int, std::string>> published = {
        {1, "denoise-recommended"}, {2, "denoise_live-recommended"}, {3, "denoise_small-recommended"},
        {4, "denoise-8bit"},        {5, "denoise_live-8bit"},        {6, "denoise_small-8bit"}};
    const auto factory = factory_index();
    for (const auto& [number, name] : published) {
        const auto found = std::ranges::find(factory, number, &NumberedPreset::number);
        BOOST_REQUIRE((found != factory.end()));
        BOOST_TEST(found->name == name);
        BOOST_TEST(!found->bytes.empty());
    }
}

BOOST_AUTO_TEST_CASE(every_factory_preset_has_a_number) {
    std::set<std::string> numbered;
    for (const auto& index : {factory_index(), factory_words()})
        for (const NumberedPreset& preset : index) BOOST_TEST(numbered.insert(preset.name).second, preset.name);
    std::set<std::string> made;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(GRUVE_SOURCE_DIR) / "presets"))
        if (entry.path().extension() == ".gruve") made.insert(entry.path().stem().string());
    BOOST_TEST(made.size() > 40);
    BOOST_TEST(numbered == made, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
