// The rounding rule against exact arithmetic.
#include "engine/model/fixed_point.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

using namespace gruve;

namespace {

// floor(value·multiplier / 2^shift + 1/2) in 128-bit integers, by a division instead of shifts.
std::int64_t exact(std::int64_t value, int multiplier, int shift) {
    const __int128 denominator = static_cast<__int128>(1) << shift;
    const __int128 numerator = static_cast<__int128>(value) * multiplier * 2 + denominator;
    __int128 quotient = numerator / (2 * denominator);
    if (numerator % (2 * denominator) < 0) --quotient;
    return static_cast<std::int64_t>(quotient);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fixed_point)

BOOST_AUTO_TEST_CASE(requantisation_equals_exact_arithmetic) {
    std::mt19937_64 random(1);
    for (int i = 0; i < 200000; ++i) {
        const auto value = static_cast<std::int32_t>(random());
        const auto multiplier = static_cast<std::int16_t>(random() % 32768);
        const auto shift = static_cast<std::int8_t>(random() % (max_shift + 1));
        const std::int32_t small = value >> (random() % 31);
        BOOST_REQUIRE_EQUAL((Requantiser{multiplier, shift}(small)), exact(small, multiplier, shift));
    }
}

BOOST_AUTO_TEST_CASE(extremes_and_ties_round_half_up) {
    BOOST_TEST((Requantiser{1, 1}(1)) == 1);    // 0.5 → 1
    BOOST_TEST((Requantiser{1, 1}(-1)) == 0);   // −0.5 → 0
    BOOST_TEST((Requantiser{1, 1}(-3)) == -1);  // −1.5 → −1
    for (std::int64_t value : {std::int64_t{INT32_MIN}, std::int64_t{INT32_MAX}})
        for (int shift : {0, 1, 15, 31, 46})
            BOOST_TEST((Requantiser{32767, static_cast<std::int8_t>(shift)}(value)) == exact(value, 32767, shift));
}

BOOST_AUTO_TEST_CASE(requantiser_for_has_fifteen_bit_precision) {
    for (double factor = 1e-8; factor < 32767.0; factor *= 1.037) {
        const Requantiser r = requantiser_for(factor);
        const double got = std::ldexp(r.multiplier, -r.shift);
        BOOST_TEST(std::abs(got / factor - 1.0) <= 1.0 / 16384, "factor " << factor << " became " << got);
    }
    BOOST_CHECK_THROW(requantiser_for(0.0), std::invalid_argument);
    BOOST_CHECK_THROW(requantiser_for(32768.0), std::invalid_argument);
    BOOST_CHECK_THROW(requantiser_for(std::nan("")), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
