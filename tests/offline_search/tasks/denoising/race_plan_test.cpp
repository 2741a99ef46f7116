#include "offline_search/tasks/denoising/race_plan.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

using namespace gruve;

namespace {

constexpr int mixtures = 96;
constexpr double tolerance = 0.1;

/// A network that loses about `loss` dB against one of 6 dB gain. Each mixture reacts to it in its own measure, with an
/// individual deviation on top.
Score network(std::mt19937_64& random, double loss) {
    std::normal_distribution<double> normal;
    Score score;
    for (int i = 0; i < mixtures; ++i) {
        const double error = -6 + 0.5 * std::sin(i) + loss * (1 + 0.8 * std::cos(3 * i)) * (1 + 0.2 * normal(random)) +
                             0.02 * normal(random);
        score.parts.push_back({error, i, -error});
        score.error += error / mixtures;
    }
    return score;
}

std::vector<Score> networks(std::mt19937_64& random, int count, double most) {
    std::vector<Score> made;
    for (int i = 0; i < count; ++i) made.push_back(network(random, most * i / count));
    return made;
}

std::vector<double> first_errors(const RacePlan& plan, const Score& score, std::size_t count) {
    std::vector<double> errors;
    for (const int i : plan.order().first(count)) errors.push_back(score.parts[static_cast<std::size_t>(i)].error);
    return errors;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(denoise_race_plan)

BOOST_AUTO_TEST_CASE(bounds_hold_and_come_close) {
    std::mt19937_64 random(1);
    const RacePlan plan(networks(random, 48, 1.5), tolerance);
    BOOST_TEST(plan.order().size() == static_cast<std::size_t>(mixtures));
    int wrong = 0, close = 0, all = 0;
    for (const Score& score : networks(random, 2000, 1.0))
        for (const std::size_t count : {8u, 16u, 32u, 64u}) {
            const double bound = plan.bound(first_errors(plan, score, count));
            wrong += bound > score.error;
            close += count == 32 && bound > score.error - 0.5 * (score.error + 6) - tolerance;
            all += count == 32;
        }
    BOOST_TEST(wrong <= 4);  // of 8000; 0.8 are expected
    BOOST_TEST(close > 0.9 * all);
    const Score last = network(random, 0.5);
    BOOST_TEST(std::abs(plan.bound(first_errors(plan, last, mixtures)) - last.error) < 1e-9);
}

BOOST_AUTO_TEST_CASE(too_few_networks_near_the_best_give_no_bound) {
    std::mt19937_64 random(2);
    std::vector<Score> whole = networks(random, 15, 1.0);  // seven of them would measure
    for (int i = 0; i < 40; ++i) whole.push_back(network(random, 5));
    const RacePlan plan(whole, tolerance);
    const Score bad = network(random, 4);
    BOOST_TEST(std::isinf(plan.bound(first_errors(plan, bad, 64))));
}

BOOST_AUTO_TEST_SUITE_END()
