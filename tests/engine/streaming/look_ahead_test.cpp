// Denoisers that play an earlier frame than the one that the network hears.
#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <complex>
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
#include "tests/real_time/violations.h"

using namespace gruve;
using test::Violations;
using test::violations_of;

namespace {

const std::vector<double> rates = {8000, 11025, 16000, 22050, 44100, 48000, 96000, 192000};

DenoiserConfig ahead(int frames, DenoiserConfig config = {}, int net_every = 1) {
    config.look_ahead = frames;
    config.net_every = net_every;
    return config;
}

DenoiserConfig for_each_frame(DenoiserConfig config) {
    config.each_frame = true;
    return config;
}

std::shared_ptr<const Preset> in_series(const Preset& first, Preset second) {
    second.before = {first};
    BOOST_REQUIRE_EQUAL(check(second), "");
    return std::make_shared<const Preset>(std::move(second));
}

/// Every band has the gain of the first one.
Preset alike_in_all_bands(Preset preset) {
    DenseLayer& last = std::get<DenseLayer>(preset.model.layers.back());
    const auto cols = static_cast<std::size_t>(last.linear.cols);
    for (std::size_t row = 1; row < static_cast<std::size_t>(last.linear.rows); ++row)
        std::copy_n(last.linear.weights.begin(), cols,
                    last.linear.weights.begin() + static_cast<std::ptrdiff_t>(row * cols));
    std::ranges::fill(last.linear.multiplier, last.linear.multiplier.front());
    std::ranges::fill(last.bias.values, last.bias.values.front());
    BOOST_REQUIRE_EQUAL(check(preset), "");
    return preset;
}

std::shared_ptr<const Preset> two_stages(int frames, int net_every = 1) {
    return in_series(*tiny::denoiser_preset(3, tiny::with_comb()),
                     *tiny::denoiser_preset(4, tiny::with_comb(ahead(frames, {}, net_every))));
}

/// With and without a comb, a network that steps at every second frame, and a first stage. The last three networks have
/// outputs for each of the two or three frames of a step.
std::vector<std::shared_ptr<const Preset>> presets(int frames) {
    return {tiny::denoiser_preset(11, ahead(frames)),
            tiny::denoiser_preset(11, tiny::with_comb(ahead(frames))),
            tiny::denoiser_preset(11, tiny::with_comb(ahead(frames, {}, 2))),
            two_stages(frames),
            two_stages(frames, 2),
            tiny::denoiser_preset(11, for_each_frame(ahead(frames, {}, 2))),
            tiny::denoiser_preset(4, for_each_frame(tiny::with_comb(ahead(frames, {}, 3)))),
            in_series(*tiny::denoiser_preset(3, for_each_frame(tiny::with_comb(ahead(0, {}, 2)))),
                      *tiny::denoiser_preset(4, for_each_frame(tiny::with_comb(ahead(frames, {}, 2)))))};
}

Denoiser denoiser_of(const std::shared_ptr<const Preset>& preset, double rate_hz) {
    return {preset, playable(*preset), rate_hz};
}

std::vector<float> run(Denoiser& denoiser, const std::vector<float>& input, std::size_t largest = 0) {
    std::vector<float> output(input.size());
    std::mt19937_64 random(1);
    for (std::size_t at = 0; at < input.size();) {
        const std::size_t size = std::min(largest == 0 ? input.size() : 1 + random() % largest, input.size() - at);
        denoiser.process(std::span(input).subspan(at, size), std::span(output).subspan(at, size));
        at += size;
    }
    return output;
}

using Spectrum = std::vector<std::complex<float>>;

/// The specification, with the whole sound at hand: hears every frame, then plays all of them.
struct Oracle {
    Oracle(const Preset& preset, double rate) : rate_hz(rate), bands(preset.denoiser, rate) {}

    /// Frame f covers the samples (f + 1) · hop − window … (f + 1) · hop.
    std::vector<Spectrum> analysed(const std::vector<float>& sound) {
        const auto hop = static_cast<std::size_t>(bands.hop()), window = static_cast<std::size_t>(bands.window());
        std::vector<float> padded(window - hop);
        padded.insert(padded.end(), sound.begin(), sound.end());
        std::vector<Spectrum> frames(sound.size() / hop, Spectrum(static_cast<std::size_t>(bands.bins())));
        for (std::size_t f = 0; f < frames.size(); ++f)
            bands.analyse(std::span(padded).subspan(f * hop, window), frames[f]);
        return frames;
    }

    /// One network: what it hears → what it plays.
    void play(const Preset& preset, std::vector<Spectrum>& frames) const {
        const DenoiserConfig& config = preset.denoiser;
        DenoiserBands front(config, rate_hz);
        Preset alone = preset;
        alone.before.clear();
        const auto network = stream_of(playable(alone));
        std::vector<float> features(static_cast<std::size_t>(config.features()));
        std::vector<float> of_step(static_cast<std::size_t>(config.outputs()));
        std::vector<std::vector<float>> outputs;
        std::vector<Spectrum> earlier;
        for (std::size_t f = 0; f < frames.size(); ++f) {
            const std::size_t in_step = f % static_cast<std::size_t>(config.net_every);
            if (in_step == 0) {
                front.features(frames[f], features);
                network->step(features, of_step);
                for (float& value : of_step) value = std::clamp(value * network->output_scale(), 0.0f, 1.0f);
            } else {
                front.pass(frames[f]);
            }
            const auto of_frame = static_cast<std::size_t>(config.frame_outputs());
            const auto here = std::span(of_step).subspan(config.each_frame ? in_step * of_frame : 0, of_frame);
            outputs.emplace_back(here.begin(), here.end());
            earlier.emplace_back(static_cast<std::size_t>(front.earlier_bins()));
            if (config.comb) front.earlier(frames[f], earlier.back());
        }
        const auto count = static_cast<std::size_t>(config.bands), late = static_cast<std::size_t>(config.look_ahead);
        std::vector<Spectrum> played(frames.size(), Spectrum(frames.front().size()));
        std::vector<float> gains(count, 1.0f);
        for (std::size_t f = 0; f < frames.size(); ++f) {
            // Gains move as with an attack of any length, which matters to the last bit.
            for (std::size_t b = 0; b < count; ++b) gains[b] += outputs[f][b] - gains[b];
            if (f < late) continue;
            played[f] = frames[f - late];
            if (config.comb) front.mix(std::span(outputs[f]).subspan(count), earlier[f - late], played[f]);
            front.apply(gains, played[f]);
        }
        frames = played;
    }

    /// The samples as they leave a Denoiser: each frame completes a hop.
    std::vector<float> synthesised(const std::vector<Spectrum>& frames, std::size_t samples) {
        const auto hop = static_cast<std::size_t>(bands.hop());
        std::vector<float> output((frames.size() + 3) * hop), frame(2 * hop);
        for (std::size_t f = 0; f < frames.size(); ++f) {
            bands.synthesise(frames[f], frame);
            for (std::size_t i = 0; i < frame.size(); ++i) output[(f + 1) * hop + i] += frame[i];
        }
        output.resize(samples);
        return output;
    }

    double rate_hz;
    DenoiserBands bands;
};

std::vector<float> specified(const Preset& preset, const std::vector<float>& sound, double rate_hz) {
    Oracle oracle(preset, rate_hz);
    std::vector<Spectrum> frames = oracle.analysed(sound);
    if (const Preset* first = preset.first_stage()) oracle.play(*first, frames);
    oracle.play(preset, frames);
    return oracle.synthesised(frames, sound.size());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(look_ahead)

BOOST_DATA_TEST_CASE(a_stream_is_what_is_specified_on_whole_recordings, boost::unit_test::data::make({0, 1, 6, 16}),
                     frames) {
    for (const double rate_hz : {16000.0, 44100.0})
        for (const auto& preset : presets(frames)) {
            Denoiser denoiser = denoiser_of(preset, rate_hz);
            const std::vector<float> sound = tiny::lively(rate_hz, 0.7, 2), played = run(denoiser, sound);
            const std::vector<float> expected = specified(*preset, sound, rate_hz);
            float largest = 0;  // but for denormals, which the stream sets to zero
            for (std::size_t i = 0; i < sound.size(); ++i)
                largest = std::max(largest, std::abs(played[i] - expected[i]));
            BOOST_TEST(largest <= 1e-19f);
        }
}

BOOST_AUTO_TEST_CASE(any_split_of_the_stream_gives_the_same_samples) {
    for (const auto& preset : presets(6)) {
        Denoiser denoiser = denoiser_of(preset, 48000);
        const std::vector<float> sound = tiny::lively(48000, 0.5, 2), whole = run(denoiser, sound);
        for (const std::size_t largest : {1u, 7u, 300u, 4096u}) {
            denoiser.reset();
            BOOST_TEST((run(denoiser, sound, largest) == whole), "blocks up to " << largest);
        }
    }
}

BOOST_AUTO_TEST_CASE(six_frames_make_40_ms_at_every_rate) {
    for (const double rate_hz : rates)
        for (const DenoiserConfig& config : {ahead(6), tiny::with_comb(ahead(6, {}, 2))}) {
            Denoiser denoiser = denoiser_of(tiny::constant_gain_preset(1, 1.0f, config), rate_hz);
            BOOST_TEST(denoiser.latency() == Denoiser::latency_of(config, rate_hz));
            BOOST_TEST(denoiser.latency() / rate_hz == 0.04, boost::test_tools::tolerance(0.03));
            BOOST_TEST(config.delay_s() == 0.04, boost::test_tools::tolerance(1e-6));
            const std::vector<float> sound = tiny::white_noise(static_cast<std::size_t>(rate_hz / 5), 0.3, 8),
                                     output = run(denoiser, sound);
            const auto latency = static_cast<std::size_t>(denoiser.latency());
            double worst = 0;
            for (std::size_t i = 0; i < sound.size(); ++i)
                worst = std::max<double>(worst, std::abs(output[i] - (i < latency ? 0.0f : sound[i - latency])));
            BOOST_TEST(worst < 2e-6);
        }
    BOOST_TEST(Denoiser::latency_of(ahead(6), 48000) == 1920);
}

// The second stage opens what the first left closed only as far as the limit. If gains of different frames met, the
// sound would not be a tenth of the input, and the product that is shown not a tenth.
BOOST_AUTO_TEST_CASE(the_reduction_limit_takes_both_gains_of_the_frame_that_is_played) {
    const auto first = std::make_shared<const Preset>(alike_in_all_bands(*tiny::denoiser_preset(3)));
    const auto gains_of = [](const std::shared_ptr<const Preset>& preset, const std::vector<float>& sound,
                             std::vector<float>& output) {
        Denoiser denoiser = denoiser_of(preset, 16000);
        denoiser.set({.reduction_limit_db = 20});
        std::vector<float> gains;
        for (std::size_t at = 0; at < sound.size(); at += 80) {
            denoiser.process(std::span(sound).subspan(at, 80), std::span(output).subspan(at, 80));
            gains.insert(gains.end(), denoiser.band_gains().begin(), denoiser.band_gains().end());
        }
        return gains;
    };
    const std::vector<float> sound = tiny::lively(16000, 0.7, 2);
    BOOST_REQUIRE(sound.size() % 80 == 0);
    std::vector<float> output(sound.size());
    const std::vector<float> of_first = gains_of(first, sound, output);
    BOOST_REQUIRE(std::ranges::max(of_first) > std::ranges::min(of_first) + 0.1f);  // they move
    const std::vector<float> of_both =
        gains_of(in_series(*first, *tiny::constant_gain_preset(0, 1.0f, ahead(6))), sound, output);
    BOOST_TEST(std::ranges::min(of_both) == 0.1f, boost::test_tools::tolerance(1e-5f));
    BOOST_TEST(std::ranges::max(of_both) == 0.1f, boost::test_tools::tolerance(1e-5f));
    float worst = 0;
    for (std::size_t i = 2000; i < sound.size(); ++i)
        worst = std::max(worst, std::abs(output[i] - 0.1f * sound[i - 640]));
    BOOST_TEST(worst < 1e-5f);
}

BOOST_AUTO_TEST_CASE(reset_brings_back_the_first_state) {
    for (const auto& preset : presets(6)) {
        Denoiser denoiser = denoiser_of(preset, 22050);
        const std::vector<float> sound = tiny::lively(22050, 0.43, 1), first = run(denoiser, sound);
        BOOST_TEST((run(denoiser, sound) != first));
        denoiser.reset();
        BOOST_TEST((run(denoiser, sound) == first));
    }
}

BOOST_AUTO_TEST_CASE(digital_silence_before_the_stream_only_shifts_it) {
    const std::vector<float> sound = tiny::lively(48000, 0.3, 2);
    Denoiser denoiser = denoiser_of(two_stages(6), 48000);
    const std::vector<float> expected = run(denoiser, sound);
    for (const std::size_t silence : {1u, 240u, 5001u}) {
        denoiser.reset();
        std::vector<float> later(silence);
        later.insert(later.end(), sound.begin(), sound.end());
        const std::vector<float> output = run(denoiser, later);
        BOOST_TEST(std::ranges::equal(std::span(output).subspan(silence), expected), silence << " zeros before");
    }
}

BOOST_AUTO_TEST_CASE(linked_channels_keep_the_stereo_image) {
    const std::vector<float> left = tiny::lively(48000, 0.4, 1);
    for (const auto& preset : presets(6)) {
        std::vector<Denoiser> channels;
        for (int c = 0; c < 2; ++c) channels.push_back(denoiser_of(preset, 48000));
        std::vector<std::vector<float>> out{left, left};
        for (float& v : out[1]) v *= 0.25f;
        float* const parts[] = {out[0].data(), out[1].data()};
        Denoiser::process_together(channels, parts, parts, left.size(), true);
        BOOST_TEST(std::ranges::equal(channels[0].band_gains(), channels[1].band_gains()));
        float worst = 0;
        for (std::size_t i = 0; i < left.size(); ++i) worst = std::max(worst, std::abs(out[1][i] - 0.25f * out[0][i]));
        BOOST_TEST(worst < 1e-5f);
    }
}

BOOST_AUTO_TEST_CASE(the_audio_thread_allocates_nothing) {
    for (const auto& preset : presets(6)) {
        Denoiser denoiser = denoiser_of(preset, 48000);
        std::vector<float> sound = tiny::lively(48000, 0.3, 1);
        const Violations found = violations_of([&] {
            denoiser.process(sound, sound);
            denoiser.set({.reduction_limit_db = 12});
            denoiser.reset();
        });
        BOOST_TEST((found == Violations{}), to_string(found));
    }
}

BOOST_AUTO_TEST_CASE(the_file_is_of_version_4_or_with_outputs_for_each_frame_5) {
    for (const auto& preset : presets(6)) {
        const auto bytes = serialise(*preset);
        BOOST_TEST((deserialise(bytes) == *preset));
        BOOST_TEST(bytes[8] == (preset->denoiser.each_frame ? 5 : 4));
    }
    BOOST_TEST(serialise(*tiny::denoiser_preset(1, ahead(0)))[8] == 1);
    BOOST_TEST(serialise(*two_stages(0))[8] == 3);
    const auto as_float = tiny::as_float(*tiny::denoiser_preset(1, ahead(3)), 2);
    BOOST_TEST((deserialise(serialise(*as_float)) == *as_float));
}

BOOST_AUTO_TEST_CASE(a_look_ahead_out_of_range_is_refused) {
    const auto error_of = [](int frames, float latency_s) {
        DenoiserConfig config = ahead(frames);
        config.latency_s = latency_s;
        try {
            DenoiserBands(config, 48000);
            BOOST_TEST(check(*tiny::denoiser_preset(1, config)) == "");
        } catch (const std::invalid_argument& error) {
            BOOST_TEST(check(*tiny::denoiser_preset(1, config)) != "");
            return std::string(error.what());
        }
        return std::string();
    };
    BOOST_TEST(error_of(16, 0.010f) == "");
    BOOST_TEST(error_of(17, 0.010f) == "denoiser: look-ahead of 17 frames, allowed 0..16");
    BOOST_TEST(error_of(-1, 0.010f) == "denoiser: look-ahead of -1 frames, allowed 0..16");
    BOOST_TEST(error_of(8, 0.020f) == "");  // 0.1 s in all
    BOOST_TEST(error_of(9, 0.020f) == "denoiser: look-ahead of 9 frames, allowed 0..8");
    BOOST_TEST(check(*tiny::denoiser_preset(1, ahead(17))) == "denoiser look-ahead: 17 frames, allowed 0..16 frames");
}

BOOST_AUTO_TEST_CASE(outputs_for_each_frame_need_a_step_of_several) {
    Preset preset = *tiny::denoiser_preset(11, for_each_frame(ahead(6, {}, 2)));
    BOOST_TEST(check(preset) == "");
    preset.denoiser.net_every = 1;
    BOOST_TEST(check(preset) == "denoiser: outputs for each frame of a step, which has one frame");
    preset.denoiser.net_every = 3;
    BOOST_TEST(check(preset) == "model gives 80 outputs, the front end takes 120");
}

BOOST_DATA_TEST_CASE(linked_channels_have_the_same_gains_in_each_frame, boost::unit_test::data::make({false, true}),
                     linked) {
    const auto preset = tiny::denoiser_preset(4, for_each_frame(tiny::with_comb(ahead(6, {}, 3))));
    std::vector<Denoiser> channels;
    for (int c = 0; c < 2; ++c) channels.push_back(denoiser_of(preset, 16000));
    const std::vector<float> left = tiny::lively(16000, 0.5, 2), right = tiny::lively(16000, 0.5, 3);
    std::vector<float> outputs[2] = {left, right};
    std::vector<float> before;
    int alike = 0, moved = 0, frames = 0;
    for (std::size_t at = 0; at + 80 <= left.size(); at += 80, ++frames) {
        const float* const in[] = {left.data() + at, right.data() + at};
        float* const out[] = {outputs[0].data() + at, outputs[1].data() + at};
        Denoiser::process_together(channels, in, out, 80, linked);
        const auto gains = channels[0].band_gains();
        alike += std::ranges::equal(gains, channels[1].band_gains());
        moved += !std::ranges::equal(gains, before);
        before.assign(gains.begin(), gains.end());
    }
    BOOST_TEST(moved > frames - 8);  // also within a step of the network
    BOOST_TEST((alike == frames) == linked);
}

BOOST_AUTO_TEST_CASE(only_the_last_stage_may_look_ahead) {
    Preset preset = *two_stages(6);
    preset.before.front().denoiser.look_ahead = 1;
    BOOST_TEST(check(preset) == "first stage: looks ahead, allowed in the second only");
    const auto shared = std::make_shared<const Preset>(preset);
    BOOST_CHECK_THROW(Denoiser(shared, playable(*shared), 16000), std::invalid_argument);
}

// Whatever byte is wrong, the preset is refused or is sound; a sound one runs.
BOOST_AUTO_TEST_CASE(damage_never_gives_an_unsound_preset) {
    const auto file = serialise(*two_stages(6));
    const auto payload = unwrap_preset(file);
    tiny::Random random(1);
    int refused = 0;
    const std::vector<float> sound(2000, 0.1f);
    for (int i = 0; i < 600; ++i) {
        std::vector<std::uint8_t> altered(payload.begin(), payload.end());
        altered[random() % altered.size()] = static_cast<std::uint8_t>(random());
        try {
            Denoiser denoiser =
                denoiser_of(std::make_shared<const Preset>(deserialise(wrap_preset(altered, 4))), 16000);
            run(denoiser, sound);
        } catch (const PresetError&) {
            ++refused;
        }
    }
    BOOST_TEST(refused > 100);
}

BOOST_AUTO_TEST_SUITE_END()
