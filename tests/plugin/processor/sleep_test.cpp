// A slot that is not heard, matched or compared sleeps in a live stream.
#include "tests/plugin/support.h"
#include "tests/real_time/violations.h"

using namespace gruve;
using namespace gruve::plugin;
using namespace gruve::plugin::test;

namespace {

constexpr double rate_hz = 16000;
constexpr int second = 16000, block = 160;

void load_both(Processor& processor, const Preset& a, const Preset& b) {
    for (const auto& [slot, preset] : {std::pair{0, &a}, std::pair{1, &b}})
        processor.load_bytes(serialise(*preset), "p", static_cast<std::size_t>(slot));
    wait_until_loaded(processor);
    set(processor, "match", 0);
    prepare(processor, 1, rate_hz, block);
}

/// Blocks of a sine, one after the other, with a pause that lets the worker keep up.
struct Stream {
    Processor& processor;
    int time = 0;
    float last = 0, step = 0, peak = 0;
    gruve::test::Violations found;
    juce::MidiBuffer midi;

    explicit Stream(Processor& p) : processor(p) { midi.ensureSize(4096); }
    void play(double seconds, bool slowly = false) {
        peak = 0;
        Audio audio(1, block);
        for (int end = time + static_cast<int>(seconds * second); time < end; time += block) {
            for (int i = 0; i < block; ++i)
                audio.setSample(0, i, 0.5f * static_cast<float>(std::sin(0.05 * (time + i))));
            midi.clear();
            found += gruve::test::violations_of([&] { processor.processBlock(audio, midi); });
            for (int i = 0; i < block; ++i) {
                if (time > second) step = std::max(step, std::abs(audio.getSample(0, i) - last));
                last = audio.getSample(0, i);
                peak = std::max(peak, std::abs(last));
            }
            if (slowly) std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
    }
    /// Until the processor is in this state, but no longer than a minute of audio.
    template <class State>
    void play_until(State state) {
        for (int i = 0; i < 600 && !state(); ++i) play(0.1, true);
        BOOST_TEST(state());
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sleeping)

BOOST_AUTO_TEST_CASE(the_other_slot_sleeps_and_wakes_without_a_click) {
    Processor processor;
    load_both(processor, unity_preset(), half_preset());
    Stream stream(processor);
    stream.play(4);
    BOOST_TEST(!processor.asleep(1));
    const CpuLoad before = processor.cpu(1);
    stream.play(4);
    BOOST_TEST(processor.asleep(1));
    BOOST_TEST(!processor.asleep(0));
    BOOST_TEST(before.median > 0.0);
    const double asleep = processor.cpu(1).median;
    BOOST_TEST(asleep > 0.0);  // the last cost
    stream.play(1);
    BOOST_TEST(processor.cpu(1).median == asleep);
    BOOST_TEST(stream.peak > 0.49f);

    set(processor, "slot_b", 1);
    stream.play_until([&] { return !processor.asleep(1); });
    stream.play(1, true);
    stream.play(0.5);
    BOOST_TEST(stream.peak < 0.26f);  // B is heard
    stream.play(6);
    BOOST_TEST(processor.asleep(0));
    BOOST_TEST(stream.step < 0.5 * 0.05 + 0.001);  // the sine's own, and −60 dBFS
    BOOST_TEST((stream.found == gruve::test::Violations{}), to_string(stream.found));
}

BOOST_AUTO_TEST_CASE(matching_difference_and_a_blind_test_keep_both_awake) {
    for (const char* what : {"match", "difference", "blind"}) {
        Processor processor;
        load_both(processor, unity_preset(), half_preset());
        Stream stream(processor);
        stream.play(6);
        BOOST_TEST(processor.asleep(1));
        if (juce::String(what) == "blind")
            processor.listen_blind(1);
        else
            set(processor, what, 1);
        stream.play_until([&] { return !processor.asleep(1); });
        stream.play(12);
        BOOST_TEST(!processor.asleep(0));
        BOOST_TEST(!processor.asleep(1));
        if (juce::String(what) == "difference") BOOST_TEST(std::abs(stream.peak - 0.25f) < 0.01f);
    }
}

BOOST_AUTO_TEST_CASE(nothing_sleeps_in_an_offline_render) {
    Processor processor;
    processor.setNonRealtime(true);
    load_both(processor, unity_preset(), half_preset());
    Stream stream(processor);
    const auto play_a_block = [&] {
        Audio audio = noise(1, block);
        processor.processBlock(audio, stream.midi);
    };
    for (int i = 0; i < 8 * second / block; ++i) play_a_block();
    BOOST_TEST(!processor.asleep(0));
    BOOST_TEST(!processor.asleep(1));

    processor.setNonRealtime(false);
    stream.play(8);
    BOOST_TEST(processor.asleep(1));
    processor.setNonRealtime(true);
    play_a_block();
    BOOST_TEST(!processor.asleep(1));
}

BOOST_AUTO_TEST_CASE(a_spotter_that_sleeps_sends_no_notes_and_starts_again) {
    Processor processor;
    const auto words = tiny::loud_word_preset({0.02f, 0.2f, 0.5f, {}});
    load_both(processor, *words, unity_preset());
    Stream stream(processor);
    const auto notes = [&](int seconds) {
        juce::MidiBuffer midi;
        play(processor, bursts(1, seconds * second, rate_hz), {block}, &midi);
        return midi.getNumEvents();
    };
    BOOST_TEST(notes(2) > 0);
    set(processor, "slot_b", 1);
    notes(8);
    BOOST_TEST(processor.asleep(0));
    BOOST_TEST(notes(2) == 0);
    set(processor, "slot_b", 0);
    stream.play_until([&] { return !processor.asleep(0); });
    BOOST_TEST(notes(3) > 0);
}

BOOST_AUTO_TEST_SUITE_END()
