// The blind test: its statistics, and its page in the editor.
#include "plugin/compare/abx.h"
#include "engine/preset/serialise_preset.h"
#include "plugin/editor/pages/abx_panel.h"
#include "tests/plugin/support.h"

using namespace gruve;
using namespace gruve::plugin;
using namespace gruve::plugin::test;

BOOST_AUTO_TEST_SUITE(abx)

BOOST_AUTO_TEST_CASE(p_values_are_those_of_the_binomial_table) {
    // Trials, right answers, and the probability of at least so many by chance, from published tables for n = 16 and n
    // = 10.
    for (const auto& [trials, right, p] : std::vector<std::tuple<int, int, double>>{
             {16, 12, 0.0384}, {16, 16, 1.0 / 65536}, {10, 9, 11.0 / 1024}, {10, 5, 638.0 / 1024}, {10, 0, 1.0}}) {
        Abx test(trials, 1);
        for (int i = 0; i < trials; ++i) test.answer(i < right ? test.hidden() : 1 - test.hidden());
        BOOST_TEST(test.done());
        BOOST_TEST(test.correct() == right);
        BOOST_TEST(std::abs(test.p_value() - p) < 5e-5);
    }
    BOOST_TEST(Abx(8).p_value() == 1.0);
    // From the same tables: the fewest right answers that are significant at 5 %.
    for (const auto& [trials, right] : {std::pair{8, 7}, {12, 10}, {16, 12}, {24, 17}})
        BOOST_TEST(convincing(trials) == right);
}

BOOST_AUTO_TEST_CASE(x_is_either_by_a_fair_coin_and_seeds_differ) {
    int of_b = 0, changes = 0;
    Abx test(4000, 5);
    std::size_t last = test.hidden();
    while (!test.done()) {
        of_b += test.hidden() == 1;
        changes += test.hidden() != last;
        last = test.hidden();
        test.answer(0);
    }
    BOOST_TEST(std::abs(of_b - 2000) < 160);  // five standard deviations
    BOOST_TEST(std::abs(changes - 2000) < 160);
    test.answer(0);
    BOOST_TEST(test.answered() == 4000);
}

BOOST_AUTO_TEST_CASE(the_report_says_what_was_compared_and_how_it_went) {
    Abx test(2, 3);
    test.answer(test.hidden());
    test.answer(1 - test.hidden());
    const auto report = test.report("four.gruve", "eight.gruve", -0.25);
    for (const char* part : {"A = four.gruve", "B = eight.gruve", "1 of 2 correct", "p = 0.7500", "-0.25 dB", ": ox\n"})
        BOOST_TEST(report.find(part) != std::string::npos, part);
}

BOOST_AUTO_TEST_CASE(the_window_plays_x_blind_and_gives_hearing_back) {
    Processor processor;
    processor.load_bytes(serialise(unity_preset()), "a", 0);
    processor.load_bytes(serialise(half_preset()), "b", 1);
    wait_until_loaded(processor);
    prepare(processor, 1, 48000);
    set(processor, "difference", 1);  // the parameters ask for the difference, half of the input
    const Audio input = noise(1, 48000, 1, 0.1f);
    const auto heard = [&] {
        return play(processor, input).getMagnitude(0, 24000, 24000) / input.getMagnitude(0, 48000);
    };
    set(processor, "match", 0);
    BOOST_TEST(heard() < 0.6f);
    {
        AbxPanel panel(processor);
        panel.start();
        BOOST_TEST(panel.running());
        BOOST_TEST(std::abs(heard() - 1.0f) < 0.02f);  // either slot, matched in loudness
        for (int i = 0; i < 16; ++i) panel.keyPressed(juce::KeyPress('1', {}, '1'));
        BOOST_TEST(!panel.running());
        BOOST_TEST(heard() < 0.6f);
        const auto report = panel.report();
        BOOST_TEST(report.contains("of 16 correct"));
        processor.load_bytes(serialise(unity_preset()), "as loud", 1);
        wait_until_loaded(processor);
        heard();
        BOOST_TEST((panel.report() == report));  // still that of the test, whatever is loaded and measured now

        panel.start();
        for (int i = 0; i < 3; ++i) panel.keyPressed(juce::KeyPress('1', {}, '1'));
        BOOST_TEST(panel.report().isEmpty());
        panel.stop();
        BOOST_TEST(panel.report().isEmpty());  // 3 answers of 16 give no result

        panel.start();
        processor.load_bytes(serialise(half_preset()), "another", 0);
        wait_until_loaded(processor);
        panel.refresh();
        BOOST_TEST(!panel.running());  // earlier answers are about another preset
        panel.start();
    }
    BOOST_TEST(heard() < 0.6f);  // closing the page ends the blind test
}

BOOST_AUTO_TEST_SUITE_END()
