// Which preset is recommended: how often a rule names one that loses too much.
#include "offline_search/selection/choose.h"

#include <boost/test/unit_test.hpp>
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
bool passes(std::mt19937_64& random, double truth) {
    std::normal_distribution<double> normal;
    Score score, none;
    for (int unit = 0; unit < speakers; ++unit) {
        const double loss = truth + normal(random);
        score.parts.push_back({loss, unit}), none.parts.push_back({0, unit});
        score.error += loss / speakers;
    }
    return paired_loss(score, none).upper <= tolerance;
}

constexpr int families = 2000;

/// Three standard errors above 5 % of so many families.
const double most_wrong = 0.05 * families + 3 * std::sqrt(0.05 * 0.95 * families);

}  // namespace

BOOST_AUTO_TEST_SUITE(choosing)

BOOST_AUTO_TEST_CASE(a_fixed_sequence_names_a_false_one_in_5_percent_and_the_smallest_that_passes_far_more_often) {
    std::mt19937_64 random(1);
    int wrong = 0, wrong_smallest = 0;
    for (int k = 0; k < families; ++k) {
        const Family family = half_of_it_bad(random, 100);
        const std::vector<std::size_t> order = ladder(family.measured, 8000, 24);
        const auto test = [&](std::size_t i) { return passes(random, family.truth[order[i]]); };
        const std::size_t passed = passed_in_sequence(order.size(), test);
        wrong += passed > 0 && family.truth[order[passed - 1]] > tolerance;
        // The rule before: of all, the smallest that passes.
        std::size_t smallest = family.truth.size();
        while (smallest > 0 && !passes(random, family.truth[smallest - 1])) --smallest;
        wrong_smallest += smallest > 0 && family.truth[smallest - 1] > tolerance;
    }
    BOOST_TEST_MESSAGE(wrong << " and " << wrong_smallest << " of " << families);
    BOOST_TEST(wrong <= most_wrong);
    BOOST_TEST(wrong_smallest > 3 * most_wrong);
}

BOOST_AUTO_TEST_CASE(a_sequence_ends_at_the_first_failure) {
    std::vector<std::size_t> tested;
    const auto odd_one_fails = [&](std::size_t i) {
        tested.push_back(i);
        return i != 2;
    };
    BOOST_TEST(passed_in_sequence(5, odd_one_fails) == 2u);
    BOOST_TEST(tested == (std::vector<std::size_t>{0, 1, 2}), boost::test_tools::per_element());
    BOOST_TEST(passed_in_sequence(0, odd_one_fails) == 0u);
    BOOST_TEST(passed_in_sequence(2, odd_one_fails) == 2u);
}

BOOST_AUTO_TEST_CASE(a_ladder_has_the_best_point_of_each_step_from_large_to_small) {
    const std::vector<Objectives> points = {{0.2, 100, 0, 0}, {0.1, 790, 0, 0},  {0.3, 400, 0, 0}, {0.2, 450, 0, 0},
                                            {0.2, 440, 0, 0}, {0.05, 801, 0, 0}, {0.4, 210, 0, 0}};
    // Steps of a factor 2: 800 … 400, 400 … 200, 200 … 100. What is larger than 800 is left out.
    BOOST_TEST(ladder(points, 800, 3) == (std::vector<std::size_t>{1, 2, 0}), boost::test_tools::per_element());
    BOOST_TEST(ladder({}, 800, 3).empty());
    BOOST_TEST(ladder({{0.1, 800, 0, 0}}, 800, 3).size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
