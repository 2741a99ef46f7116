// Which preset is recommended: how often a rule names one that loses too much.
#include "offline_search/selection/choose.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "offline_search/selection/paired_loss.h"

using namespace gruve;

namespace {

constexpr double tolerance = 1;
constexpr int speakers = 15;

/// Genomes from large to small. Bytes and true loss of each, and what a search measured of its loss.
struct Family {
    std::vector<Objectives> measured;
    std::vector<double> truth;
};

/// The larger half loses nothing, the smaller one just more than the tolerance.
Family half_of_it_bad(std::mt19937_64& random, int count) {
    std::normal_distribution<double> normal;
    Family family;
    for (int i = 0; i < count; ++i) {
        family.truth.push_back(i < count / 2 ? 0 : 1.001 * tolerance);
        const double seen = family.truth.back() + 0.3 * normal(random);
        family.measured.push_back({seen, 8000 * std::pow(0.25, i / (count - 1.0)), 0, 0});
    }
    return family;
}

/// Whether a test of speakers whom the search has not heard passes.
bool passes(std::mt19937_64& random, double truth, double confidence) {
    std::normal_distribution<double> normal;
    Score score, none;
    for (int unit = 0; unit < speakers; ++unit) {
        const double loss = truth + normal(random);
        score.parts.push_back({loss, unit}), none.parts.push_back({0, unit});
        score.error += loss / speakers;
    }
    return upper_bound(paired_loss(score, none), confidence) <= tolerance;
}

constexpr int families = 2000;

/// Three standard errors above 5 % of so many families.
const double most_wrong = 0.05 * families + 3 * std::sqrt(0.05 * 0.95 * families);

}  // namespace

BOOST_AUTO_TEST_SUITE(choosing)

BOOST_AUTO_TEST_CASE(the_procedure_names_a_false_one_in_5_percent_and_the_smallest_that_passes_far_more_often) {
    std::mt19937_64 random(1);
    int wrong = 0, wrong_smallest = 0;
    for (int k = 0; k < families; ++k) {
        const Family family = half_of_it_bad(random, 100);
        const auto rungs = ladder(family.measured, 8000, 12, 1);
        const auto truth = [&](std::size_t i) { return family.truth[rungs[i].front()]; };
        const auto last =
            last_to_pass(rungs.size(), [&](std::size_t i, double l) { return passes(random, truth(i), 1 - l); });
        wrong += last && truth(*last) > tolerance;
        // The rule before: of all, the smallest that passes at 95 %.
        std::size_t smallest = family.truth.size();
        while (smallest > 0 && !passes(random, family.truth[smallest - 1], 0.95)) --smallest;
        wrong_smallest += smallest > 0 && family.truth[smallest - 1] > tolerance;
    }
    BOOST_TEST_MESSAGE(wrong << " and " << wrong_smallest << " of " << families);
    BOOST_TEST(wrong <= most_wrong);
    BOOST_TEST(wrong > 0);  // so the level is used
    BOOST_TEST(wrong_smallest > 3 * most_wrong);
}

BOOST_AUTO_TEST_CASE(a_test_that_passes_hands_its_level_on_and_one_that_fails_keeps_it) {
    std::vector<double> levels;
    const auto odd_one_fails = [&](std::size_t i, double l) {
        levels.push_back(l / family_level);
        return i != 2;
    };
    BOOST_TEST(last_to_pass(5, odd_one_fails).value() == 4u);
    const std::vector<double> expected = {0.2, 0.4, 0.6, 0.2, 0.4};
    for (std::size_t i = 0; i < 5; ++i) BOOST_CHECK_CLOSE(levels.at(i), expected[i], 1e-9);
    BOOST_TEST(last_to_pass(3, odd_one_fails).value() == 1u);
    BOOST_TEST(!last_to_pass(0, odd_one_fails).has_value());
    BOOST_TEST(!last_to_pass(4, [](std::size_t, double) { return false; }).has_value());
}

BOOST_AUTO_TEST_CASE(a_ladder_has_the_best_points_of_each_step_from_large_to_small) {
    const std::vector<Objectives> points = {{0.2, 100, 0, 0}, {0.1, 790, 0, 0},  {0.3, 400, 0, 0}, {0.2, 450, 0, 0},
                                            {0.2, 440, 0, 0}, {0.05, 801, 0, 0}, {0.4, 210, 0, 0}};
    // Steps of a factor 2: 800 … 400, 400 … 200, 200 … 100. What is larger than 800 is left out.
    const auto best = ladder(points, 800, 3, 1);
    BOOST_REQUIRE(best.size() == 3u);
    BOOST_TEST(best[0] == std::vector<std::size_t>{1}, boost::test_tools::per_element());
    BOOST_TEST(best[2] == std::vector<std::size_t>{0}, boost::test_tools::per_element());
    BOOST_TEST(ladder(points, 800, 3, 3)[0] == (std::vector<std::size_t>{1, 4, 3}), boost::test_tools::per_element());
    BOOST_TEST(ladder(points, 800, 3, 1, 3)[0] == (std::vector<std::size_t>{1, 4, 3}),
               boost::test_tools::per_element());
    BOOST_TEST(ladder({}, 800, 3, 1).empty());
    BOOST_TEST(ladder({{0.1, 800, 0, 0}}, 800, 3, 1).size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
