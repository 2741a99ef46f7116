// The words plugin's notes: at the frames at which the C API hears the words, each with its end.
#include "plugin/native/word_plugin.h"

#include <gruve/gruve.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <thread>
#include <vector>

#include "engine/preset/serialise_preset.h"
#include "tests/engine/signals.h"
#include "tests/engine/tiny_models.h"
#include "tests/native/own_presets.h"
#include "tests/real_time/violations.h"

using namespace gruve::plugin;
using gruve::test::OwnPresets;

namespace {

constexpr double rate_hz = 48000;

/// Hears word 2 of 3 in any sound, but not in silence.
std::vector<std::uint8_t> loud_word() {
    gruve::DetectionConfig detection;
    detection.threshold = {0.5f, 0.5f, 0.5f};
    return gruve::serialise(*gruve::tiny::loud_word_preset(detection));
}

struct Event {
    std::int64_t frame;
    std::array<std::uint8_t, 3> bytes;
    bool operator==(const Event&) const = default;
};

std::vector<Event> play(WordPlugin& plugin, const WordValues& values, const std::vector<float>& sound,
                        std::size_t block = 512) {
    std::vector<Event> events;
    for (std::size_t at = 0; at < sound.size(); at += block)
        for (const MidiEvent& event : plugin.run(values, sound.data() + at, std::min(block, sound.size() - at)))
            events.push_back({static_cast<std::int64_t>(at) + event.frame, event.bytes});
    return events;
}

/// Half a second of noise in every two.
std::vector<float> bursts(double seconds) {
    std::vector<float> sound = gruve::tiny::white_noise(static_cast<std::size_t>(seconds * rate_hz), 0.2, 1);
    for (std::size_t i = 0; i < sound.size(); ++i)
        if (i % 96000 < 48000 || i % 96000 >= 72000) sound[i] = 0;
    return sound;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(word_plugin)

BOOST_AUTO_TEST_CASE(each_word_is_a_note_at_its_frame_and_ends_after_200_ms) {
    OwnPresets own;
    const std::vector<std::uint8_t> bytes = loud_word();
    const std::vector<float> sound = bursts(6);
    std::array<gruve_detection, 16> heard;
    WordValues values;
    values.preset = own.add(bytes), values.channel = 3, values.first_note = 40;
    gruve_spotter* spotter = nullptr;
    BOOST_REQUIRE(gruve_spotter_create(open_preset({}, values.preset).get(), rate_hz, &spotter, nullptr, 0) ==
                  GRUVE_OK);
    const int count =
        gruve_spotter_process(spotter, sound.data(), sound.size(), heard.data(), static_cast<int>(heard.size()));
    gruve_spotter_free(spotter);
    BOOST_REQUIRE(count >= 2);

    std::vector<Event> expected;
    for (const gruve_detection& word : std::span(heard).first(static_cast<std::size_t>(count))) {
        const auto velocity = static_cast<std::uint8_t>(std::lround(word.score * 127));
        const std::int64_t last = word.sample - 1;  // the last frame that was heard
        expected.push_back({last, {0x92, 42, velocity}});
        expected.push_back({last + 9600, {0x82, 42, 0}});
    }
    for (const std::size_t block : {512u, 1u, 65536u}) {
        WordPlugin plugin(rate_hz);
        BOOST_TEST((play(plugin, values, sound, block) == expected), block << " frames");
        BOOST_TEST(plugin.last_word() == 2);
        BOOST_TEST(plugin.run(values, nullptr, 0).empty());
        BOOST_TEST(plugin.run(values, nullptr, 4096).empty());
    }
}

BOOST_AUTO_TEST_CASE(sensitivity_moves_the_thresholds_while_it_plays) {
    OwnPresets own;
    gruve::DetectionConfig detection;
    gruve::Preset quiet_word = *gruve::tiny::constant_word_preset({0, 0, 0}, 0.1f, detection);  // a third each
    quiet_word.detection.refractory_s = 0.1f, quiet_word.detection.warm_up_s = 0;
    WordValues values;
    values.preset = own.add(gruve::serialise(quiet_word));
    const std::vector<float> sound(48000);
    WordPlugin plugin(rate_hz);
    BOOST_TEST(play(plugin, values, sound).empty());
    values.sensitivity = 0.5f;  // 0.5 becomes 0.27
    BOOST_TEST(!play(plugin, values, sound).empty());
}

BOOST_AUTO_TEST_CASE(bypass_and_a_new_stream_end_the_notes_that_sound) {
    OwnPresets own;
    WordValues values;
    values.preset = own.add(loud_word());
    std::vector<float> sound = bursts(4);
    const auto whole = [&] {
        WordPlugin plugin(rate_hz);
        return play(plugin, values, sound);
    }();
    BOOST_REQUIRE(!whole.empty());
    sound.resize(static_cast<std::size_t>(whole.front().frame) + 1);  // ends within the note
    for (const bool bypass : {true, false}) {
        WordPlugin plugin(rate_hz);
        BOOST_REQUIRE(play(plugin, values, sound).size() == 1u);
        WordValues then = values;
        then.enabled = !bypass;
        if (!bypass) plugin.activate();
        const auto events = plugin.run(then, nullptr, 64);
        BOOST_REQUIRE(events.size() == 1u);
        BOOST_TEST(events[0].frame == 0u);
        BOOST_TEST(events[0].bytes[0] == 0x80);
    }
    values.enabled = false;
    WordPlugin silent(rate_hz);
    BOOST_TEST(play(silent, values, bursts(4)).empty());
}

BOOST_AUTO_TEST_CASE(a_preset_changed_live_takes_over_while_the_audio_thread_keeps_its_rules) {
    OwnPresets own;
    WordValues values;
    values.preset = 0;
    WordPlugin plugin(rate_hz);
    const std::vector<float> sound = bursts(2);
    BOOST_TEST(play(plugin, values, std::vector<float>(512)).empty());
    values.preset = own.add(loud_word());
    gruve::test::Violations found;
    std::size_t notes = 0;
    for (int block = 0; block < 400 && notes == 0; ++block) {  // in real time: the plugin must not take it for offline
        const float* const part = sound.data() + 512 * (static_cast<std::size_t>(block) % 180);
        found += gruve::test::violations_of([&] { notes += plugin.run(values, part, 512).size(); });
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    BOOST_TEST((found == gruve::test::Violations{}), to_string(found));
    BOOST_TEST(notes > 0u);
}

BOOST_AUTO_TEST_CASE(denoisers_unknown_numbers_and_wrong_rates_are_silent) {
    const std::vector<float> sound = bursts(2);
    for (const int number : {0, 1, 999, 1000}) {
        WordPlugin plugin(rate_hz);
        WordValues values;
        values.preset = number;
        BOOST_TEST(play(plugin, values, sound).empty());
    }
    WordPlugin slow(4000);
    BOOST_TEST(play(slow, {}, sound).empty());
}

BOOST_AUTO_TEST_CASE(every_factory_word_preset_opens_by_its_number) {
    const auto factory = factory_words();
    BOOST_REQUIRE(!factory.empty());
    BOOST_TEST(factory.front().number == first_word_number);
    for (const NumberedPreset& preset : factory) {
        BOOST_TEST_INFO_SCOPE(preset.name);
        BOOST_TEST(gruve_preset_kind(open_preset(factory, preset.number).get()) == GRUVE_KEYWORDS);
    }
}

BOOST_AUTO_TEST_SUITE_END()
