#include "offline_search/selection/paired_loss.h"

#include <boost/math/distributions/students_t.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>
#include <utility>

using namespace gruve;

namespace {

/// A score with one part for each error and unit. Its error is the mean.
Score score_of(const std::vector<double>& errors, const std::vector<int>& units) {
    Score score;
    for (std::size_t i = 0; i < errors.size(); ++i) {
        score.parts.push_back({errors[i], units[i]});
        score.error += errors[i] / static_cast<double>(errors.size());
    }
    return score;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(paired)

BOOST_AUTO_TEST_CASE(independent_parts_give_students_bound) {
    const std::vector<int> units = {0, 1, 2, 3, 4};
    const PairedLoss loss =
        paired_loss(score_of({0.5, 0.1, 0.2, 0.3, 1.4}, units), score_of({0.5, 0.1, 0.2, 0.3, 0.4}, units));
    BOOST_CHECK_CLOSE(loss.mean, 0.2, 1e-9);
    BOOST_CHECK_CLOSE(loss.upper, 0.2 + 2.1318468 * 0.2,
                      1e-4);  // t of 4 degrees of freedom at 95 %, standard error 0.2
}

BOOST_AUTO_TEST_CASE(more_units_of_the_same_spread_reach_a_tolerance) {
    const PairedLoss loss{.mean = 0.1, .upper = 0.8, .deviation = 1, .units = 8};
    const auto upper = [&](int units) {
        return loss.mean + boost::math::quantile(boost::math::students_t(units - 1), 0.95) / std::sqrt(units);
    };
    const int needed = units_needed(loss, 0.5).value();
    BOOST_TEST(needed > 8);
    BOOST_TEST(upper(needed) <= 0.5);
    BOOST_TEST(upper(needed - 1) > 0.5);
    BOOST_TEST(!units_needed(loss, 0.1).has_value());  // the mean alone is as large
    BOOST_TEST(units_needed(loss, 0.5, 0.99).value() > needed);
}

BOOST_AUTO_TEST_CASE(the_deviation_of_equal_shares_is_the_bound_at_their_number) {
    const std::vector<int> units = {0, 0, 1, 1, 2, 2, 3, 3};
    const PairedLoss loss =
        paired_loss(score_of({0.1, 0.3, 0.2, 0, 0.5, 0.7, 0.2, 0.4}, units), score_of(std::vector<double>(8), units));
    BOOST_TEST(loss.units == 4);
    BOOST_CHECK_CLOSE(loss.upper - loss.mean, 2.3533634 * loss.deviation / 2, 1e-4);  // t of 3 degrees of freedom
    BOOST_TEST(units_needed(loss, loss.upper + 1e-9).value() == 4);
}

BOOST_AUTO_TEST_CASE(copies_of_a_unit_do_not_tighten_the_bound) {
    std::vector<double> errors, more;
    std::vector<int> units, copied;
    for (int unit = 0; unit < 6; ++unit) {
        const double error = 0.1 * (unit % 3);
        errors.push_back(error), units.push_back(unit);
        for (int copy = 0; copy < 10; ++copy) more.push_back(error), copied.push_back(unit);
    }
    const double once = paired_loss(score_of(errors, units), score_of(std::vector<double>(6), units)).upper;
    BOOST_CHECK_CLOSE(paired_loss(score_of(more, copied), score_of(std::vector<double>(60), copied)).upper, once, 1e-9);
    std::vector<int> alone(60);
    for (std::size_t i = 0; i < alone.size(); ++i) alone[i] = static_cast<int>(i);
    BOOST_CHECK_LT(paired_loss(score_of(more, alone), score_of(std::vector<double>(60), alone)).upper,
                   once);  // as if the copies were independent
}

BOOST_AUTO_TEST_CASE(a_loss_of_one_speaker_has_a_wider_bound_than_the_same_loss_spread_over_all) {
    std::vector<int> units;
    for (int i = 0; i < 40; ++i) units.push_back(i / 10);
    std::vector<double> lumped(40), spread(40);
    for (std::size_t i = 0; i < 8; ++i) lumped[i] = 1, spread[5 * i] = 1;
    const Score none = score_of(std::vector<double>(40), units);
    const PairedLoss a = paired_loss(score_of(lumped, units), none), b = paired_loss(score_of(spread, units), none);
    BOOST_CHECK_CLOSE(a.mean, b.mean, 1e-9);
    BOOST_CHECK_GT(a.upper, b.upper + 0.1);
    BOOST_CHECK_CLOSE(b.upper, b.mean, 1e-6);  // every speaker has the same loss
}

BOOST_AUTO_TEST_CASE(rounds_add_up_to_the_score_of_all_draws) {
    const std::vector<int> units = {0, 0, 1, 1};
    Score all;
    add_round(all, 0, score_of({0.1, 0.2, 0.3, 0.4}, units));
    add_round(all, 1, score_of({0.5, 0.6, 0.7, 0.8}, units));
    add_round(all, 2, score_of({0.9, 1.0, 1.1, 1.2}, units));
    BOOST_CHECK_CLOSE(all.error, 0.65, 1e-9);
    BOOST_CHECK_EQUAL(all.parts.size(), 12u);
}

/// Losses of `count` units in `rounds` rounds: normal between the units and within each.
std::pair<Score, Score> drawn_losses(std::mt19937_64& random, int count, int rounds, double between, double within) {
    std::normal_distribution<double> normal;
    std::vector<double> losses(static_cast<std::size_t>(count));
    for (double& loss : losses) loss = between * normal(random);
    Score score, none;
    for (int round = 0; round < rounds; ++round) {
        std::vector<double> errors;
        std::vector<int> units;
        for (int unit = 0; unit < count; ++unit)
            errors.push_back(losses[static_cast<std::size_t>(unit)] + within * normal(random)), units.push_back(unit);
        add_round(score, round, score_of(errors, units));
        add_round(none, round, score_of(std::vector<double>(errors.size()), units));
    }
    return {score, none};
}

BOOST_AUTO_TEST_CASE(draws_shrink_their_own_share_of_the_variance_and_leave_that_between_the_units) {
    std::mt19937_64 random(4);
    const auto [few, none] = drawn_losses(random, 20000, 2, 1, 2);  // 4 / 2 rounds to 1
    BOOST_CHECK_CLOSE(draws_to_units(few, none, 2), 2.0, 20);
    const auto [many, still_none] = drawn_losses(random, 2000, 20, 1, 2);
    BOOST_CHECK_CLOSE(draws_to_units(many, still_none, 20), 0.2, 20);
    BOOST_CHECK_CLOSE(paired_loss(many, still_none).deviation, std::sqrt(1.2), 5);
}

BOOST_AUTO_TEST_CASE(draws_alone_or_a_single_round_never_suffice_and_no_loss_needs_no_more) {
    std::mt19937_64 random(4);
    const auto [score, none] = drawn_losses(random, 10, 3, 0, 1);
    BOOST_CHECK_GT(draws_to_units(score, none, 3), 0.2);
    const auto [single, none_of_it] = drawn_losses(random, 10, 1, 1, 1);
    BOOST_CHECK(std::isinf(draws_to_units(single, none_of_it, 1)));
    BOOST_CHECK_EQUAL(draws_to_units(none, none, 3), 0);
    BOOST_CHECK_THROW(draws_to_units(score_of({1, 2}, {0, 1}), score_of({1, 2}, {0, 1}), 2), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_metric_has_an_interval_of_its_own) {
    Score score, other;
    const std::vector<double> right = {1, 0, 1, 0, 1, 1, 1, 0}, right_before = {1, 1, 1, 1, 1, 1, 1, 1};
    for (int i = 0; i < 8; ++i) {
        score.parts.push_back({0, i / 2, right[static_cast<std::size_t>(i)]});
        other.parts.push_back({0, i / 2, right_before[static_cast<std::size_t>(i)]});
    }
    score.value = 5.0 / 8, other.value = 1;
    const MetricLoss loss = metric_loss(score, other);
    BOOST_CHECK_CLOSE(loss.mean, 0.375, 1e-9);
    BOOST_TEST(loss.units == 4);
    // Speakers lose 1/2, 1/2, 0 and 1/2; t of 3 degrees of freedom, two-sided: 3.182446.
    BOOST_CHECK_CLOSE(loss.high - loss.mean, 3.182446 * 0.25 / 2, 1e-4);
    BOOST_CHECK_CLOSE(loss.mean - loss.low, loss.high - loss.mean, 1e-9);
}

BOOST_AUTO_TEST_CASE(an_error_beside_the_parts_moves_the_bound_by_itself) {
    Score score, other;
    score.error = 0.75, other.error = 0.5;
    BOOST_CHECK_EQUAL(paired_loss(score, other).upper, 0.25);
    const std::vector<int> units = {0, 1, 2};
    Score live = score_of({0.1, 0.2, 0.3}, units);
    live.error += 0.25;  // an error on streams
    const Score clips = score_of({0.1, 0.2, 0.3}, units);
    BOOST_CHECK_CLOSE(paired_loss(live, clips).upper, 0.25, 1e-9);
}

BOOST_AUTO_TEST_CASE(other_parts_cannot_be_paired) {
    BOOST_CHECK_THROW(paired_loss(score_of({1, 2}, {0, 1}), score_of({1}, {0})), std::invalid_argument);
    BOOST_CHECK_THROW(paired_loss(score_of({1, 2}, {0, 1}), score_of({1, 2}, {0, 0})), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
