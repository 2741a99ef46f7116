// Two slots from the same input, aligned, switched without a click, each with its CPU load.
#include "tests/plugin/support.h"

using namespace gruve;
using namespace gruve::plugin;
using namespace gruve::plugin::test;

namespace {

void load_both(Processor& processor, const Preset& a, const Preset& b) {
    set(processor, id::slot_b, 0);
    load(processor, a, "a.gruve");
    set(processor, id::slot_b, 1);
    load(processor, b, "b.gruve");
    set(processor, id::slot_b, 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(compare)

BOOST_AUTO_TEST_CASE(each_slot_sounds_as_if_it_were_alone) {
    const Audio input = noise(2, 20000);
    for (int slot : {0, 1}) {
        Processor both, alone;
        load_both(both, *tiny::denoiser_preset(1), *tiny::denoiser_preset(2));
        set(both, id::slot_b, static_cast<float>(slot));
        load(alone, *tiny::denoiser_preset(slot == 0 ? 1 : 2));
        prepare(both, 2, 48000);
        prepare(alone, 2, 48000);
        BOOST_TEST(equal(play(both, input), play(alone, input)));
    }
}

BOOST_AUTO_TEST_CASE(switching_has_no_click_and_takes_15_ms) {
    Processor processor;
    load_both(processor, unity_preset(), half_preset());
    prepare(processor, 1, 48000);
    const Audio tone = sine(1, 24000, 200, 48000);
    Audio output(tone);
    juce::MidiBuffer midi;
    for (int start = 0; start < 24000; start += 100) {
        if (start == 10000) set(processor, id::slot_b, 1);
        Audio piece(output.getArrayOfWritePointers(), 1, start, 100);
        processor.processBlock(piece, midi);
    }
    float step = 0, own = 0;
    for (int i = 2001; i < 24000; ++i) {
        step = std::max(step, std::abs(output.getSample(0, i) - output.getSample(0, i - 1)));
        own = std::max(own, std::abs(tone.getSample(0, i) - tone.getSample(0, i - 1)));
    }
    BOOST_TEST(step < own + 0.001f);
    BOOST_TEST(output.getMagnitude(0, 9000, 1000) > 0.49f);
    BOOST_TEST(output.getMagnitude(0, 10000 + 720, 10000) < 0.26f);
}

BOOST_AUTO_TEST_CASE(a_session_keeps_both_slots_and_which_is_heard) {
    Processor first, second;
    load_both(first, unity_preset(), half_preset());
    set(first, id::slot_b, 1);
    juce::MemoryBlock state;
    first.getStateInformation(state);
    second.setStateInformation(state.getData(), static_cast<int>(state.getSize()));
    wait_until_loaded(second);
    BOOST_TEST(second.heard_slot() == 1u);
    BOOST_TEST(second.loaded(0)->source == "a.gruve");
    BOOST_TEST(second.loaded(1)->source == "b.gruve");
}

BOOST_AUTO_TEST_CASE(the_cpu_load_is_that_of_the_blocks) {
    Processor processor;
    load_both(processor, *tiny::denoiser_preset(1, {}, 64), unity_preset());
    prepare(processor, 1, 48000);
    Audio block = noise(1, 480);
    play(processor, noise(1, 48000), {480});
    const CpuLoad a = processor.cpu(0);
    BOOST_TEST(a.median > 0.0);
    BOOST_TEST(a.median <= a.peak);
    BOOST_TEST(std::abs(a.median_us - a.median * 10000.0) < 0.01 * a.median_us);  // a block lasts 10 ms
    BOOST_TEST(a.median > processor.cpu(1).median);  // the larger network costs more
}

BOOST_AUTO_TEST_SUITE_END()
