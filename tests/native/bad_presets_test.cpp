// A preset folder with foreign, broken, newer and other people's files: the sound passes or the old preset plays on.
#include <gruve/gruve.hpp>

#include <boost/test/unit_test.hpp>
#include <vector>

#include "plugin/native/preset_index.h"
#include "plugin/native/stream_plugin.h"
#include "tests/engine/signals.h"
#include "tests/native/own_presets.h"

using namespace gruve::plugin;

namespace {

std::vector<float> play(StreamPlugin& plugin, const ControlValues& values, std::vector<float> sound) {
    for (std::size_t at = 0; at < sound.size(); at += 512) {
        float* const channel[] = {sound.data() + at};
        plugin.run(values, channel, channel, std::min<std::size_t>(512, sound.size() - at));
    }
    return sound;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bad_presets)

BOOST_AUTO_TEST_CASE(no_file_of_the_folder_stops_the_sound) {
    const std::vector<NumberedPreset> factory = factory_index();
    const std::vector<std::uint8_t> good(factory[2].bytes.begin(), factory[2].bytes.end());
    std::vector<std::uint8_t> damaged = good, newer = good;
    damaged[good.size() / 2] ^= 0xff;
    newer[8] = 9;  // the envelope's version
    const NumberedPreset words = factory_words().front();
    gruve::test::OwnPresets own;
    const int fine = own.add(good);
    const int bad[] = {own.add({}),      own.add({'t', 'e', 'x', 't'}),
                       own.add(damaged), own.add({good.begin(), good.begin() + 1000}),
                       own.add(newer),   own.add({words.bytes.begin(), words.bytes.end()})};

    const std::vector<float> sound = gruve::tiny::lively(48000, 0.3, 1);
    ControlValues values;
    values.preset = fine, values.offline = true;
    StreamPlugin plain(LatencyMode::quality, 1, 48000);
    const std::vector<float> expected = play(plain, values, sound), expected_later = play(plain, values, sound);
    BOOST_TEST((expected != sound));
    for (const int number : bad) {
        BOOST_TEST_INFO_SCOPE("number " << number);
        ControlValues asked = values;
        asked.preset = number;
        StreamPlugin from_the_start(LatencyMode::quality, 1, 48000);
        const std::vector<float> passed = play(from_the_start, asked, sound);
        for (std::size_t i = 480; i < sound.size(); ++i) BOOST_REQUIRE(passed[i] == sound[i - 480]);

        StreamPlugin changed(LatencyMode::quality, 1, 48000);
        BOOST_TEST((play(changed, values, sound) == expected));
        BOOST_TEST((play(changed, asked, sound) == expected_later));
    }
}

BOOST_AUTO_TEST_SUITE_END()
