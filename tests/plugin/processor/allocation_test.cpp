// processBlock allocates nothing, takes no lock and makes no system call. tests/real_time plants violations, to prove
// that they are seen.
#include "engine/preset/serialise_preset.h"
#include "tests/plugin/support.h"
#include "tests/real_time/violations.h"

using namespace gruve;
using namespace gruve::plugin;
using namespace gruve::plugin::test;
using gruve::test::Violations;
using gruve::test::violations_of;

namespace {

/// Plays blocks of several sizes, with new presets, parameter changes and detections in between. Returns the violations
/// of processBlock().
Violations play_and_disturb(Processor& processor, const std::vector<Preset>& presets) {
    Violations all;
    const Audio input = noise(2, 4096, 3, 0.5f);
    Audio work(2, 4096);
    juce::MidiBuffer midi;
    midi.ensureSize(4096);
    for (int round = 0; round < 60; ++round) {
        processor.load_bytes(serialise(presets[static_cast<std::size_t>(round) % presets.size()]), "p");
        if (round % 2 == 0) wait_until_loaded(processor);
        set(processor, "mix", static_cast<float>(round));
        set(processor, "bypass", round % 7 == 0 ? 1 : 0);
        const int block = std::array{1, 64, 441, 512, 1000, 4096}[static_cast<std::size_t>(round) % 6];
        for (int start = 0; start + block <= 4096; start += block) {
            for (int c = 0; c < 2; ++c) work.copyFrom(c, start, input, c, start, block);
            Audio piece(work.getArrayOfWritePointers(), 2, start, block);
            midi.clear();
            all += violations_of([&] { processor.processBlock(piece, midi); });
        }
    }
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(real_time)

BOOST_AUTO_TEST_CASE(process_block_asks_for_nothing_waits_for_nobody_and_calls_no_system) {
    DetectionConfig often{0.02f, 0.1f, 0.0f, {}};
    Processor processor;
    load(processor, unity_preset());
    prepare(processor, 2, 48000);
    const Violations found = play_and_disturb(
        processor, {unity_preset(), *tiny::denoiser_preset(2), *tiny::as_float(*tiny::denoiser_preset(2), 3),
                    *tiny::constant_word_preset({0, 100}, 0.1f, often)});
    BOOST_TEST((found == Violations{}), to_string(found));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(slow_real_time)

BOOST_AUTO_TEST_CASE(ten_thousand_swaps_at_random_block_sizes_without_allocation_or_click) {
    constexpr double rate_hz = 16000;
    constexpr int swaps = 10000, per_swap = 1200;  // settling and fading take 960 samples
    const std::array<std::vector<std::uint8_t>, 2> presets{serialise(*tiny::constant_gain_preset(100, 0.01f)),
                                                           serialise(*tiny::constant_gain_preset(90, 0.01f))};
    Processor processor;
    processor.load_bytes(presets[0], "0");
    wait_until_loaded(processor);
    prepare(processor, 1, rate_hz);
    std::mt19937 random(1);
    Audio block(1, 8192);
    juce::MidiBuffer midi;
    std::int64_t time = 0;
    float last = 0, step = 0, least = 1, most = 0;
    const double turn = juce::MathConstants<double>::twoPi * 100.0 / rate_hz;
    Violations found;
    for (int swap = 1; swap <= swaps; ++swap) {
        processor.load_bytes(presets[static_cast<std::size_t>(swap % 2)], "p");
        wait_until_loaded(processor);
        for (int played = 0; played < per_swap;) {
            const int n = 1 + static_cast<int>(random() % (random() % 8 == 0 ? 1200u : 64u));
            for (int i = 0; i < n; ++i)
                block.setSample(0, i, 0.5f * static_cast<float>(std::sin(turn * static_cast<double>(time + i))));
            Audio piece(block.getArrayOfWritePointers(), 1, 0, n);
            midi.clear();
            found += violations_of([&] { processor.processBlock(piece, midi); });
            for (int i = 0; i < n; ++i) {
                if (time + i > 4000) step = std::max(step, std::abs(piece.getSample(0, i) - last));
                last = piece.getSample(0, i);
            }
            time += n;
            played += n;
            if (played >= per_swap) {  // by now only the requested preset is heard
                const float gain = n >= 200 ? piece.getMagnitude(0, n) : 0.0f;
                if (gain > 0.0f) (swap % 2 ? least : most) = swap % 2 ? std::min(least, gain) : std::max(most, gain);
            }
        }
    }
    BOOST_TEST((found == Violations{}), to_string(found));
    BOOST_TEST(std::abs(most - 0.5f) < 0.005f);
    BOOST_TEST(std::abs(least - 0.45f) < 0.005f);
    const float own = 0.5f * static_cast<float>(2.0 * std::sin(turn / 2.0));
    BOOST_TEST_MESSAGE("largest step beyond the signal's own: " << juce::Decibels::gainToDecibels(step - own, -200.0f)
                                                                << " dBFS");
    BOOST_TEST(step < own + 0.001f);
}

BOOST_AUTO_TEST_SUITE_END()
