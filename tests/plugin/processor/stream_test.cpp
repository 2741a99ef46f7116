// Latency, bypass, mixing, block sizes, rates and layouts.
#include "tests/plugin/support.h"

using namespace gruve;
using namespace gruve::plugin;
using namespace gruve::plugin::test;

BOOST_AUTO_TEST_SUITE(stream)

BOOST_AUTO_TEST_CASE(reports_ten_five_and_forty_milliseconds) {
    for (double rate_hz : {8000.0, 16000.0, 22050.0, 44100.0, 48000.0, 96000.0, 192000.0}) {
        Processor processor;
        prepare(processor, 2, rate_hz);
        BOOST_TEST(std::abs(processor.getLatencySamples() / rate_hz - 0.010) <= 1.5 / rate_hz);
        set(processor, Latency::live);
        prepare(processor, 2, rate_hz);
        BOOST_TEST(std::abs(processor.getLatencySamples() / rate_hz - 0.005) <= 1.5 / rate_hz);
        set(processor, Latency::studio);
        prepare(processor, 2, rate_hz);
        BOOST_TEST(std::abs(processor.getLatencySamples() / rate_hz - 0.040) <= 4.5 / rate_hz);
        BOOST_TEST(processor.getLatencySamples() == Denoiser::latency_of(studio_config(), rate_hz));
    }
}

BOOST_AUTO_TEST_CASE(studio_plays_every_denoiser_and_delays_shorter_ones) {
    DenoiserConfig live;
    live.latency_s = 0.005f;
    const Audio input = noise(2, 20000);
    for (const DenoiserConfig& config : {studio_config(), tiny::with_comb(studio_config()), DenoiserConfig{}, live}) {
        Processor processor;
        load(processor, *tiny::constant_gain_preset(100, 0.01f, config));
        set(processor, Latency::studio);
        prepare(processor, 2, 48000);
        BOOST_TEST(processor.message().isEmpty());
        BOOST_TEST(processor.getLatencySamples() == 1920);
        const Audio output = play(processor, input);
        float largest = 0;
        for (int i = 4800; i < 20000; ++i)
            largest = std::max(largest, std::abs(output.getSample(1, i) - input.getSample(1, i - 1920)));
        BOOST_TEST(largest < 1e-5f);
        set(processor, "bypass", 1);
        prepare(processor, 2, 48000);
        BOOST_TEST(delayed(input, play(processor, input), 1920));
    }
}

BOOST_AUTO_TEST_CASE(a_preset_that_looks_ahead_gives_the_same_samples_in_any_blocks) {
    const Audio input = noise(2, 20000);
    Audio expected;
    for (const std::vector<int>& blocks : std::vector<std::vector<int>>{{512}, {1}, {480}, {20000}, {1, 7, 513, 3}}) {
        Processor processor;
        load(processor, *tiny::denoiser_preset(3, tiny::with_comb(studio_config())));
        set(processor, Latency::studio);
        prepare(processor, 2, 48000, 64);
        const Audio output = play(processor, input, blocks);
        if (expected.getNumSamples() == 0) expected = output;
        BOOST_TEST(equal(expected, output), "blocks of " << blocks.front());
    }
}

BOOST_AUTO_TEST_CASE(unity_gains_give_the_input_after_the_reported_latency) {
    Processor processor;
    load(processor, unity_preset());
    prepare(processor, 2, 48000);
    const Audio input = noise(2, 20000), output = play(processor, input);
    const int latency = processor.getLatencySamples();
    for (int c = 0; c < 2; ++c)
        for (int i = 4800; i < 20000; ++i)
            BOOST_REQUIRE_SMALL(output.getSample(c, i) - input.getSample(c, i - latency), 1e-5f);
}

BOOST_AUTO_TEST_CASE(presets_with_less_latency_are_padded) {
    DenoiserConfig live;
    live.latency_s = 0.005f;
    Processor processor;
    load(processor, *tiny::constant_gain_preset(100, 0.01f, live));
    prepare(processor, 1, 48000);
    const Audio input = noise(1, 20000), output = play(processor, input);
    BOOST_TEST(processor.getLatencySamples() == 480);
    for (int i = 4800; i < 20000; ++i) BOOST_REQUIRE_SMALL(output.getSample(0, i) - input.getSample(0, i - 480), 1e-5f);
}

BOOST_AUTO_TEST_CASE(a_preset_with_more_latency_than_the_mode_is_refused_with_a_message_and_audio_passes) {
    Processor processor;
    load(processor, unity_preset());
    set(processor, "live", 1);
    prepare(processor, 1, 48000);
    BOOST_TEST(processor.message().contains("needs 10 ms of latency"));
    const Audio input = noise(1, 5000);
    BOOST_TEST(delayed(input, play(processor, input), 240));

    Processor quality;
    load(quality, *tiny::constant_gain_preset(100, 0.01f, studio_config()), "ahead.gruve");
    prepare(quality, 1, 48000);
    BOOST_TEST(quality.message() ==
               "ahead.gruve needs 40 ms of latency, the plugin is set to 10 ms: set Latency to "
               "Studio to play it");
    BOOST_TEST(delayed(input, play(quality, input), 480));
}

BOOST_AUTO_TEST_CASE(bypass_no_wet_no_preset_and_keywords_are_bit_exact_delays) {
    const Audio input = noise(2, 10000);
    for (const char* what : {"bypass", "host bypass", "dry", "nothing loaded", "keywords"}) {
        Processor processor;
        wait_until_loaded(processor);
        const std::string_view kind = what;
        if (kind == "keywords")
            load(processor, *tiny::keyword_preset(1));
        else if (kind != "nothing loaded" || !processor.loaded())
            load(processor, *tiny::denoiser_preset(1));
        if (kind == "bypass") set(processor, "bypass", 1);
        if (kind == "dry" || kind == "nothing loaded") set(processor, "mix", 0);
        prepare(processor, 2, 44100);
        Audio output(input);
        if (kind == "host bypass") {
            // During the first 15 ms it fades from wet to dry.
            juce::MidiBuffer midi;
            processor.processBlockBypassed(output, midi);
            const int latency = processor.getLatencySamples();
            for (int i = 2000; i < 10000; ++i)
                BOOST_REQUIRE_EQUAL(output.getSample(1, i), input.getSample(1, i - latency));
            continue;
        }
        output = play(processor, input, {100});
        BOOST_TEST(delayed(input, output, processor.getLatencySamples()), what);
    }
}

BOOST_AUTO_TEST_CASE(half_wet_is_aligned) {
    Processor processor;
    load(processor, unity_preset());
    set(processor, "mix", 50);
    prepare(processor, 1, 48000);
    const Audio input = noise(1, 20000), output = play(processor, input);
    for (int i = 4800; i < 20000; ++i) BOOST_REQUIRE_SMALL(output.getSample(0, i) - input.getSample(0, i - 480), 1e-5f);
}

BOOST_AUTO_TEST_CASE(any_block_size_gives_the_same_samples_even_larger_than_prepared) {
    const Audio input = noise(2, 30000);
    Audio expected;
    for (const std::vector<int>& blocks :
         std::vector<std::vector<int>>{{512}, {1}, {64}, {480}, {8192}, {30000}, {1, 7, 513, 1025, 3}}) {
        Processor processor;
        load(processor, *tiny::denoiser_preset(3));
        prepare(processor, 2, 48000, 64);
        const Audio output = play(processor, input, blocks);
        if (expected.getNumSamples() == 0) expected = output;
        BOOST_TEST(equal(expected, output), "blocks of " << blocks.front());
    }
}

BOOST_AUTO_TEST_CASE(stereo_is_two_monos) {
    const Audio input = noise(2, 10000);
    Processor both;
    load(both, *tiny::denoiser_preset(3));
    prepare(both, 2, 32000);
    const Audio stereo = play(both, input);
    for (int c = 0; c < 2; ++c) {
        Processor one;
        load(one, *tiny::denoiser_preset(3));
        prepare(one, 1, 32000);
        Audio channel(1, 10000);
        channel.copyFrom(0, 0, input, c, 0, 10000);
        const Audio mono = play(one, channel);
        BOOST_TEST(std::equal(mono.getReadPointer(0), mono.getReadPointer(0) + 10000, stereo.getReadPointer(c)));
    }
}

BOOST_AUTO_TEST_CASE(linked_channels_keep_the_stereo_image) {
    Processor processor;
    load(processor, *tiny::denoiser_preset(3));
    set(processor, "link", 1);
    prepare(processor, 2, 48000);
    Audio input = noise(2, 20000);
    for (int i = 0; i < 20000; ++i) input.setSample(1, i, 0.25f * input.getSample(0, i));
    const Audio output = play(processor, input);
    for (int i = 0; i < 20000; ++i) BOOST_REQUIRE_SMALL(output.getSample(1, i) - 0.25f * output.getSample(0, i), 1e-5f);
}

BOOST_AUTO_TEST_CASE(preparing_again_starts_anew_and_rates_may_change) {
    Processor processor;
    load(processor, *tiny::denoiser_preset(3));
    const Audio input = noise(1, 8000);
    prepare(processor, 1, 48000);
    const Audio first = play(processor, input);
    for (double rate_hz : {8000.0, 192000.0, 44100.0}) {
        prepare(processor, 1, rate_hz);
        play(processor, input);
    }
    prepare(processor, 1, 48000);
    BOOST_TEST(equal(first, play(processor, input)));
}

BOOST_AUTO_TEST_CASE(an_unsupported_rate_passes_audio_with_a_message) {
    for (double rate_hz : {4000.0, 384000.0}) {
        Processor processor;
        load(processor, *tiny::denoiser_preset(3));
        prepare(processor, 2, rate_hz);
        const Audio input = noise(2, 9000);
        BOOST_TEST(delayed(input, play(processor, input), processor.getLatencySamples()));
        BOOST_TEST(processor.message().contains("8000..192000 Hz"));
    }
}

BOOST_AUTO_TEST_CASE(hostile_samples_end_with_themselves) {
    Processor processor;
    load(processor, *tiny::denoiser_preset(3));
    prepare(processor, 1, 48000);
    Audio input = noise(1, 20000);
    for (int i = 3000; i < 4000; ++i) input.setSample(0, i, i % 3 == 0 ? NAN : i % 3 == 1 ? INFINITY : -1e30f);
    const Audio output = play(processor, input);
    for (int i = 6000; i < 20000; ++i) BOOST_REQUIRE(std::isfinite(output.getSample(0, i)));
}

BOOST_AUTO_TEST_SUITE_END()
