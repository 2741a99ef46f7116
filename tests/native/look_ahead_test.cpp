// Presets that look ahead play in the Studio plugins, 40 ms late, and in no other.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <vector>

#include "engine/preset/serialise_preset.h"
#include "engine/streaming/denoiser.h"
#include "plugin/native/stream_plugin.h"
#include "tests/engine/signals.h"
#include "tests/engine/tiny_models.h"
#include "tests/native/own_presets.h"

using namespace gruve;
using namespace gruve::plugin;

namespace {

constexpr double rate_hz = 48000;

DenoiserConfig ahead(int frames) {
    DenoiserConfig config;
    config.look_ahead = frames;
    return config;
}

std::vector<float> play(StreamPlugin& plugin, int preset, std::vector<float> sound) {
    ControlValues values;
    values.preset = preset;
    for (std::size_t at = 0; at < sound.size(); at += 500) {
        float* const channel[] = {sound.data() + at};
        plugin.run(values, channel, channel, std::min<std::size_t>(500, sound.size() - at));
    }
    return sound;
}

/// What the engine plays, `pad` samples later.
std::vector<float> played_by_engine(const std::shared_ptr<const Preset>& preset, std::vector<float> sound,
                                    std::size_t pad) {
    Denoiser denoiser(preset, playable(*preset), rate_hz);
    denoiser.process(sound, sound);
    sound.insert(sound.begin(), pad, 0.0f);
    sound.resize(sound.size() - pad);
    return sound;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(studio_plugins)

BOOST_AUTO_TEST_CASE(the_latency_is_that_of_six_frames_of_look_ahead_at_every_rate) {
    for (const double rate : {8000.0, 11025.0, 44100.0, 48000.0, 96000.0, 192000.0})
        BOOST_TEST(StreamPlugin(LatencyMode::studio, 1, rate).latency() == Denoiser::latency_of(ahead(6), rate));
}

BOOST_AUTO_TEST_CASE(presets_of_up_to_40_ms_play_and_those_with_less_are_delayed) {
    const std::vector<float> sound = tiny::lively(rate_hz, 0.5, 4);
    test::OwnPresets own;
    for (const int frames : {0, 3, 6}) {
        const auto preset = tiny::denoiser_preset(3, ahead(frames));
        const int number = own.add(serialise(*preset));
        StreamPlugin studio(LatencyMode::studio, 1, rate_hz);
        BOOST_TEST((play(studio, number, sound) ==
                    played_by_engine(preset, sound, 1920 - static_cast<std::size_t>(480 + 240 * frames))));
    }
}

BOOST_AUTO_TEST_CASE(presets_with_more_than_the_plugin_has_let_the_sound_pass) {
    const std::vector<float> sound = tiny::lively(rate_hz, 0.5, 4);
    test::OwnPresets own;
    for (const auto& [mode, frames] : {std::pair{LatencyMode::quality, 6}, {LatencyMode::studio, 7}}) {
        StreamPlugin plugin(mode, 1, rate_hz);
        const auto latency = static_cast<std::size_t>(plugin.latency());
        const std::vector<float> passed =
            play(plugin, own.add(serialise(*tiny::denoiser_preset(3, ahead(frames)))), sound);
        for (std::size_t i = latency; i < sound.size(); ++i) BOOST_REQUIRE(passed[i] == sound[i - latency]);
    }
}

BOOST_AUTO_TEST_SUITE_END()
