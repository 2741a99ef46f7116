// The integer computation of the tables against libm.
#include "engine/model/tables.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

using namespace gruve;

BOOST_AUTO_TEST_SUITE(tables)

BOOST_AUTO_TEST_CASE(exponential_is_within_thirty_units_of_the_31st_place) {
    for (double x = 0.0; x < 40.0; x += 0.00317) {
        const double got = std::ldexp(exp_minus_q31(static_cast<std::uint64_t>(std::ldexp(x, 24))), -31);
        BOOST_TEST(std::abs(got - std::exp(-std::floor(std::ldexp(x, 24)) / std::ldexp(1.0, 24))) <
                   std::ldexp(30.0, -31));
    }
    BOOST_TEST(exp_minus_q31(~std::uint64_t{0}) == 0u);
}

BOOST_AUTO_TEST_CASE(entries_are_the_nearest_level_at_every_width) {
    for (int input = min_width; input <= max_width; ++input)
        for (int output = min_width; output <= max_width; ++output)
            for (double range : {1.0, 4.0, 9.0}) {
                const double scale = range / signed_max(input);
                const auto scale_q24 = static_cast<std::uint64_t>(std::ldexp(scale, 24));
                const Table sigma = make_table(Activation::sigmoid, input, output, scale_q24);
                const Table tanh = make_table(Activation::tanh, input, output, scale_q24);
                BOOST_REQUIRE_EQUAL(sigma.values.size(), std::size_t{1} << input);
                for (int pre = signed_min(input); pre <= signed_max(input); ++pre) {
                    const double x = pre * std::ldexp(static_cast<double>(scale_q24), -24);
                    BOOST_TEST(std::abs(sigma.at(pre) - unsigned_max(output) / (1.0 + std::exp(-x))) <= 0.5 + 1e-5);
                    BOOST_TEST(std::abs(tanh.at(pre) - signed_max(output) * std::tanh(x)) <= 0.5 + 1e-5);
                }
            }
}

BOOST_AUTO_TEST_CASE(wrong_widths_are_refused) {
    BOOST_CHECK_THROW(make_table(Activation::none, 8, 8, 1), std::invalid_argument);
    BOOST_CHECK_THROW(make_table(Activation::tanh, 9, 8, 1), std::invalid_argument);
    BOOST_CHECK_THROW(make_table(Activation::tanh, 8, 1, 1), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
