// Two slots on the same input: aligned, switched without a click, each with its CPU load.
#include "tests/plugin/support.h"

using namespace gruve;
using namespace gruve::plugin;
using namespace gruve::plugin::test;

namespace {

void load_both(Processor& processor, const Preset& a, const Preset& b) {
    set(processor, "slot_b", 0);
    load(processor, a, "a.gruve");
    set(processor, "slot_b", 1);
    load(processor, b, "b.gruve");
    set(processor, "slot_b", 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(compare)

BOOST_AUTO_TEST_CASE(each_slot_sounds_as_if_it_were_alone) {
    const Audio input = noise(2, 20000);
    for (int slot : {0, 1}) {
        Processor both, alone;
        load_both(both, *tiny::denoiser_preset(1), *tiny::denoiser_preset(2));
        set(both, "slot_b", static_cast<float>(slot));
        set(both, "match", 0);
        load(alone, *tiny::denoiser_preset(slot == 0 ? 1 : 2));
        prepare(both, 2, 48000);
        prepare(alone, 2, 48000);
        BOOST_TEST(equal(play(both, input), play(alone, input)));
    }
}

BOOST_AUTO_TEST_CASE(the_float_network_behind_a_preset_is_played_beside_it) {
    const auto real = tiny::as_float(*tiny::denoiser_preset(1), 4);
    Processor processor;
    load_both(processor, *real, *tiny::denoiser_preset(1));
    prepare(processor, 1, 48000);
    const Audio input = noise(1, 20000), output = play(processor, input);
    Denoiser denoiser(real, playable(*real), 48000);
    std::vector<float> expected(20000);
    denoiser.process({input.getReadPointer(0), 20000}, expected);
    BOOST_TEST(std::equal(expected.begin(), expected.end(), output.getReadPointer(0)));
    BOOST_TEST(processor.loaded(0)->parameter_bytes == real->float_model.parameter_bytes());
    BOOST_TEST(processor.loaded(0)->arithmetic == "float");

    juce::MemoryBlock state;
    processor.getStateInformation(state);
    Processor reopened;
    reopened.setStateInformation(state.getData(), static_cast<int>(state.getSize()));
    prepare(reopened, 1, 48000);
    BOOST_TEST(equal(play(reopened, input), output));
}

BOOST_AUTO_TEST_CASE(switching_has_no_click_and_takes_15_ms) {
    Processor processor;
    load_both(processor, unity_preset(), half_preset());
    set(processor, "match", 0);
    prepare(processor, 1, 48000);
    const Audio tone = sine(1, 24000, 200, 48000);
    Audio output(tone);
    juce::MidiBuffer midi;
    for (int start = 0; start < 24000; start += 100) {
        if (start == 10000) set(processor, "slot_b", 1);
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

BOOST_AUTO_TEST_CASE(b_is_matched_to_a_and_the_offset_is_shown) {
    Processor processor;
    load_both(processor, unity_preset(), half_preset());
    set(processor, "slot_b", 1);
    prepare(processor, 2, 48000);
    const Audio input = noise(2, 96000), output = play(processor, input, {1, 100, 700});
    BOOST_TEST(std::abs(processor.loudness_offset_db() - 6.02) < 0.05);
    for (int i = 48000; i < 96000; ++i)
        BOOST_REQUIRE_SMALL(output.getSample(1, i) - input.getSample(1, i - 480), 1e-3f);
    set(processor, "match", 0);
    const Audio plain = play(processor, input);
    for (int i = 48000; i < 96000; ++i)
        BOOST_REQUIRE_SMALL(plain.getSample(1, i) - 0.5f * input.getSample(1, i - 480), 1e-4f);
}

BOOST_AUTO_TEST_CASE(matching_is_the_same_for_any_block_size) {
    Audio expected;
    for (int block : {512, 1, 4096, 333}) {
        Processor processor;
        load_both(processor, *tiny::denoiser_preset(1), *tiny::denoiser_preset(2));
        set(processor, "slot_b", 1);
        prepare(processor, 2, 48000);
        const Audio output = play(processor, noise(2, 48000), {block});
        BOOST_TEST(std::abs(processor.loudness_offset_db()) > 0.05);
        if (block == 512) expected = output;
        BOOST_TEST(equal(expected, output));
    }
}

BOOST_AUTO_TEST_CASE(the_difference_is_a_minus_b_with_its_gain) {
    Processor processor;
    load_both(processor, unity_preset(), half_preset());
    set(processor, "match", 0);
    set(processor, "difference", 1);
    set(processor, "difference_gain", 20);
    prepare(processor, 1, 48000);
    const Audio input = noise(1, 24000, 1, 0.01f), output = play(processor, input);
    for (int i = 4800; i < 24000; ++i)
        BOOST_REQUIRE_SMALL(output.getSample(0, i) - 10.0f * 0.5f * input.getSample(0, i - 480), 1e-4f);

    Processor same;
    load_both(same, *tiny::denoiser_preset(1), *tiny::denoiser_preset(1));
    set(same, "difference", 1);
    prepare(same, 1, 48000);
    BOOST_TEST(play(same, input).getMagnitude(0, 24000) == 0.0f);
}

BOOST_AUTO_TEST_CASE(a_blind_slot_is_heard_whatever_the_parameters_say) {
    Processor processor;
    load_both(processor, unity_preset(), half_preset());
    set(processor, "match", 0);
    set(processor, "difference", 1);
    prepare(processor, 1, 48000);
    processor.listen_blind(1);
    const Audio input = noise(1, 48000), matched = play(processor, input);
    for (int i = 40000; i < 48000; ++i)
        BOOST_REQUIRE_SMALL(matched.getSample(0, i) - input.getSample(0, i - 480), 1e-3f);
    BOOST_TEST(processor.heard_slot() == 0u);  // the editor does not reveal it
    processor.listen_blind(std::nullopt);
    play(processor, input);
    const Audio difference = play(processor, input);
    for (int i = 1000; i < 48000; ++i)
        BOOST_REQUIRE_SMALL(difference.getSample(0, i) - 0.5f * input.getSample(0, i - 480), 1e-4f);
}

BOOST_AUTO_TEST_CASE(a_session_keeps_both_slots_and_which_is_heard) {
    Processor first, second;
    load_both(first, unity_preset(), half_preset());
    set(first, "slot_b", 1);
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
    BOOST_TEST(a.median > processor.cpu(1).median);                               // the larger network costs more
}

BOOST_AUTO_TEST_SUITE_END()
