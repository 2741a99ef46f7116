// Changes of the preset while audio runs.
#include "engine/preset/serialise_preset.h"
#include "tests/plugin/support.h"

using namespace gruve;
using namespace gruve::plugin;
using namespace gruve::plugin::test;

namespace {

float largest_step(const Audio& audio, int from) {
    float step = 0;
    for (int c = 0; c < audio.getNumChannels(); ++c)
        for (int i = from + 1; i < audio.getNumSamples(); ++i)
            step = std::max(step, std::abs(audio.getSample(c, i) - audio.getSample(c, i - 1)));
    return step;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(swap)

BOOST_AUTO_TEST_CASE(fades_without_a_click_and_arrives) {
    constexpr double rate_hz = 48000;
    Processor processor;
    load(processor, unity_preset());
    prepare(processor, 1, rate_hz);
    const Audio tone = sine(1, 48000, 200, rate_hz);
    Audio output(tone);
    juce::MidiBuffer midi;
    for (int start = 0; start < 48000; start += 100) {
        if (start == 10000) load(processor, half_preset());
        Audio piece(output.getArrayOfWritePointers(), 1, start, 100);
        processor.processBlock(piece, midi);
    }
    // The 200 Hz sine itself moves by up to 0.0131 a sample. Allow −60 dBFS more.
    BOOST_TEST(largest_step(output, 2000) < largest_step(tone, 0) + 0.001f);
    BOOST_TEST(output.getMagnitude(0, 8000, 2000) > 0.49f);
    BOOST_TEST(output.getMagnitude(0, 10000 + 800, 30000) < 0.26f);  // at once: the fade takes 720 samples
}

BOOST_AUTO_TEST_CASE(the_measure_of_a_click_sees_one) {
    Audio tone = sine(1, 4800, 200, 48000);
    const float smooth = largest_step(tone, 0);
    tone.applyGain(0, 2460, 2340, 0.5f);
    BOOST_TEST(largest_step(tone, 0) > smooth + 0.01f);
}

BOOST_AUTO_TEST_CASE(the_latest_of_many_requests_wins) {
    Processor processor;
    load(processor, unity_preset());
    prepare(processor, 1, 48000);
    const auto unity = serialise(unity_preset()), half = serialise(half_preset());
    for (int i = 0; i < 50; ++i) processor.load_bytes(unity, "unity");
    processor.load_bytes(half, "half");
    wait_until_loaded(processor);
    BOOST_TEST(processor.loaded()->source == "half");
    const Audio output = play(processor, sine(1, 24000, 200, 48000), {64});
    BOOST_TEST(output.getMagnitude(0, 12000, 12000) < 0.26f);
}

BOOST_AUTO_TEST_CASE(a_bad_preset_says_why_and_the_old_sound_goes_on) {
    Processor processor;
    load(processor, half_preset(), "good.gruve");
    prepare(processor, 1, 48000);
    const Audio tone = sine(1, 24000, 200, 48000);
    play(processor, tone);
    auto cut = serialise(unity_preset());
    cut.resize(cut.size() / 2);
    processor.load_bytes(cut, "cut.gruve");
    wait_until_loaded(processor);
    BOOST_TEST(processor.message().startsWith("cut.gruve: "));
    BOOST_TEST(processor.loaded()->source == "good.gruve");
    BOOST_TEST(play(processor, tone).getMagnitude(0, 2000, 20000) < 0.26f);

    processor.load_file(juce::File("/nowhere/lost.gruve"));
    wait_until_loaded(processor);
    BOOST_TEST(processor.message().startsWith("lost.gruve: "));

    load(processor, unity_preset());
    BOOST_TEST(processor.message().isEmpty());
}

BOOST_AUTO_TEST_CASE(another_latency_mode_is_taken_up_while_playing) {
    DenoiserConfig live;
    live.latency_s = 0.005f;
    Processor processor;
    load(processor, *tiny::constant_gain_preset(100, 0.01f, live));
    prepare(processor, 1, 48000);
    const Audio tone = sine(1, 9600, 200, 48000);
    play(processor, tone);
    set(processor, "live", 1);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    juce::MessageManager::getInstance()->runDispatchLoopUntil(50);
    BOOST_TEST(processor.getLatencySamples() == 240);
    play(processor, tone);
    const Audio input = noise(1, 9600), output = play(processor, input);
    for (int i = 4800; i < 9600; ++i) BOOST_REQUIRE_SMALL(output.getSample(0, i) - input.getSample(0, i - 240), 1e-5f);
}

BOOST_AUTO_TEST_CASE(studio_is_taken_up_while_playing_and_the_preset_that_looks_ahead_comes_in) {
    Processor processor;
    load(processor, *tiny::constant_gain_preset(50, 0.01f, studio_config()), "ahead.gruve");
    prepare(processor, 1, 48000);
    const Audio input = noise(1, 9600);
    BOOST_TEST(delayed(input, play(processor, input), 480));  // unplayable: audio passes
    set(processor, Latency::studio);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    juce::MessageManager::getInstance()->runDispatchLoopUntil(50);
    BOOST_TEST(processor.getLatencySamples() == 1920);
    BOOST_TEST(processor.message().isEmpty());
    play(processor, input);
    const Audio output = play(processor, input);
    for (int i = 4800; i < 9600; ++i)
        BOOST_REQUIRE_SMALL(output.getSample(0, i) - 0.5f * input.getSample(0, i - 1920), 1e-5f);
}

BOOST_AUTO_TEST_CASE(a_preset_too_late_for_live_mode_says_so_only_while_that_is_on) {
    const auto live = [](Processor& processor, float on) {
        set(processor, "live", on);
        std::this_thread::sleep_for(std::chrono::milliseconds(200));  // the worker looks for a change every 20 ms
        juce::MessageManager::getInstance()->runDispatchLoopUntil(50);
    };
    Processor processor;
    load(processor, half_preset(), "ten.gruve");
    prepare(processor, 1, 48000);
    const Audio tone = sine(1, 9600, 200, 48000);
    play(processor, tone);
    live(processor, 1);
    BOOST_TEST(processor.message().contains("ten.gruve needs 10 ms of latency"));
    play(processor, tone);
    BOOST_TEST(std::abs(play(processor, tone).getMagnitude(0, 4800, 4800) - 0.5f) < 0.01f);  // audio passes
    live(processor, 0);
    BOOST_TEST(processor.message().isEmpty());
    play(processor, tone);
    BOOST_TEST(std::abs(play(processor, tone).getMagnitude(0, 4800, 4800) - 0.25f) < 0.01f);
}

BOOST_AUTO_TEST_CASE(a_slot_warmed_on_recent_input_starts_as_if_it_had_been_there) {
    const StreamFormat format{48000, 1, 480};
    const auto loaded = load_preset(serialise(*tiny::denoiser_preset(3)), "p");
    // The level falls just before the swap, so that the running means matter.
    Audio input = noise(1, 144000, 4, 0.3f);
    input.applyGain(120000, 24000, 0.02f);
    constexpr int swap = 121 * max_chunk * 2;
    RecentAudio recent(1, 48000);
    Slot old(loaded, format), warm(loaded, format), cold(loaded, format);
    std::vector<float> expected(max_chunk), got(max_chunk), unwarmed(max_chunk);
    double error = 0, cold_error = 0;
    for (int at = 0; at + max_chunk <= input.getNumSamples(); at += max_chunk) {
        if (at == swap) warm.warm(recent);
        const float* in = input.getReadPointer(0, at);
        float *a = expected.data(), *b = got.data(), *c = unwarmed.data();
        old.process(&in, &a, max_chunk);
        recent.write(&in, max_chunk);
        if (at < swap) continue;
        warm.process(&in, &b, max_chunk);
        cold.process(&in, &c, max_chunk);
        for (std::size_t i = 0; i < max_chunk; ++i) {
            error += std::pow(expected[i] - got[i], 2);
            cold_error += std::pow(expected[i] - unwarmed[i], 2);
        }
    }
    BOOST_TEST(warm.warmed_until() == static_cast<std::uint64_t>(swap));
    BOOST_TEST(cold_error > 0.0);
    BOOST_TEST(error < 0.2 * cold_error);
}

BOOST_AUTO_TEST_CASE(a_slot_that_missed_a_block_stays_unheard_until_that_is_through) {
    const StreamFormat format{48000, 1, 480};
    const auto slot = [&](const Preset& preset) {
        return std::make_unique<Slot>(load_preset(serialise(preset), "p"), format);
    };
    const Audio tone = sine(1, 48000, 200, format.rate_hz);
    for (const bool missed : {false, true}) {
        SlotPlayer player;
        player.prepare(slot(unity_preset()));
        RecentAudio recent(1, 48000);
        std::array<float, max_chunk> output{}, scratch{};
        int changed = -1;  // samples from the time it was taken until it is heard
        auto incoming = slot(half_preset());
        const int settle = incoming->settle_samples(), block = 256, swap = 100 * block;
        for (int at = 0; at + block <= 40000; at += block) {
            if (at == swap) incoming->warm(recent);
            if (at == swap + (missed ? block : 0)) player.put(std::move(incoming));
            player.take_waiting(recent.end());
            const float* in = tone.getReadPointer(0, at);
            float *out = output.data(), *unheard = scratch.data();
            recent.write(&in, block);
            player.process(&in, &out, &unheard, block, {});
            for (int i = 0; i < block && at >= swap && changed < 0; ++i)
                if (std::abs(output[static_cast<std::size_t>(i)] - tone.getSample(0, at + i - 480)) > 1e-3f)
                    changed = at + i - swap - (missed ? block : 0);
        }
        if (missed)
            BOOST_TEST((changed >= settle && changed < settle + 100));
        else
            BOOST_TEST((changed >= 0 && changed < 100));
    }
}

BOOST_AUTO_TEST_SUITE_END()
