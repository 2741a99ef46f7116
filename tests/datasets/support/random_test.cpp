#include "datasets/support/random.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

namespace gruve {
namespace {

BOOST_AUTO_TEST_SUITE(random_numbers)

BOOST_AUTO_TEST_CASE(random_numbers_are_the_same_everywhere) {
    // The standard fixes the values of std::mt19937_64, and exact arithmetic derives ours from them.
    std::mt19937_64 random(1);
    BOOST_TEST(uniform(random) == static_cast<double>(2469588189546311528u >> 11) * 0x1p-53);
    std::vector<int> items = {0, 1, 2, 3, 4, 5, 6, 7};
    shuffle(items, random);
    std::vector<int> sorted = items;
    std::sort(sorted.begin(), sorted.end());
    BOOST_TEST((sorted == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7}));
    BOOST_TEST((items != sorted));
    double sum = 0, squares = 0;
    for (int i = 0; i < 20000; ++i) {
        const double x = normal(random);
        sum += x;
        squares += x * x;
    }
    BOOST_TEST(std::abs(sum / 20000) < 0.03);
    BOOST_TEST(std::abs(squares / 20000 - 1.0) < 0.05);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gruve
