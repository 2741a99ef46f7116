#include <boost/test/unit_test.hpp>

#include <vector>

#include "engine/streaming/clip_decision.h"

using namespace gruve;

BOOST_AUTO_TEST_SUITE(clip_decision)

BOOST_AUTO_TEST_CASE(only_the_last_sixteenth_counts_and_at_least_one_step) {
    std::vector<std::int16_t> logits(32 * 2);
    for (std::size_t t = 0; t < 30; ++t) logits[2 * t] = 32767;
    logits[2 * 30 + 1] = 3;
    logits[2 * 31] = 2;
    BOOST_TEST(decide_clip(std::span<const std::int16_t>(logits), 2) == 1);
    logits[2 * 31] = 4;
    BOOST_TEST(decide_clip(std::span<const std::int16_t>(logits), 2) == 0);
    BOOST_TEST(decision_steps(1) == 1);
    BOOST_TEST(decision_steps(28) == 1);
    BOOST_TEST(decision_steps(70) == 4);
}

BOOST_AUTO_TEST_CASE(float_and_integer_logits_decide_alike) {
    std::vector<std::int16_t> logits;
    std::vector<float> scaled;
    std::uint32_t state = 1;
    for (int clip = 0; clip < 200; ++clip) {
        logits.clear();
        scaled.clear();
        for (int i = 0; i < 40 * 7; ++i) {
            state = state * 1664525u + 1013904223u;
            logits.push_back(static_cast<std::int16_t>(state >> 16));
            scaled.push_back(static_cast<float>(logits.back()) / 1024.0f);
        }
        BOOST_TEST(decide_clip(std::span<const std::int16_t>(logits), 7) ==
                   decide_clip(std::span<const float>(scaled), 7));
    }
}

BOOST_AUTO_TEST_CASE(equal_sums_give_the_lowest_label_and_extremes_do_not_overflow) {
    const std::vector<std::int16_t> equal = {-5, 2, 2};
    BOOST_TEST(decide_clip(std::span<const std::int16_t>(equal), 3) == 1);
    std::vector<std::int16_t> extreme(2 * 16 * 10000, 32767);
    for (std::size_t i = 0; i < extreme.size(); i += 2) extreme[i] = -32768;
    BOOST_TEST(decide_clip(std::span<const std::int16_t>(extreme), 2) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
