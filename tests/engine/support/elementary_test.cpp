// The engine's own elementary functions: as accurate as they say, and the same bits on every machine.
#include "engine/support/elementary.h"

#include <bit>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdint>
#include <limits>

#include "engine/support/without_tiny.h"

namespace elementary = gruve::elementary;

namespace {

/// 64-bit FNV-1a
void add(std::uint64_t& hash, std::uint64_t bits) {
    for (int shift = 0; shift < 64; shift += 8) hash = (hash ^ (bits >> shift & 0xff)) * 0x100000001b3u;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(elementary_functions)

BOOST_AUTO_TEST_CASE(doubles_are_within_the_stated_error) {
    for (int i = -30000; i <= 30000; ++i) {
        const double x = i / 1000.0;
        BOOST_TEST_REQUIRE(std::abs(elementary::exp(x) / std::exp(x) - 1) < 1e-15);
        BOOST_TEST_REQUIRE(std::abs(elementary::exp10(x / 4) / std::pow(10.0, x / 4) - 1) < 1e-14);
        BOOST_TEST_REQUIRE(std::abs(elementary::sin(x) - std::sin(x)) < 1e-15);
        BOOST_TEST_REQUIRE(std::abs(elementary::cos(x) - std::cos(x)) < 1e-15);
        const double positive = std::exp(x);
        BOOST_TEST_REQUIRE(std::abs(elementary::log10(positive) - std::log10(positive)) < 1e-14);
    }
    BOOST_TEST(elementary::log10(1.0) == 0.0);
    BOOST_TEST(elementary::exp(0.0) == 1.0);
    BOOST_TEST(elementary::exp(-1e300) == 0.0);
}

BOOST_AUTO_TEST_CASE(float_exp_is_within_an_ulp_and_has_no_denormal_results) {
    for (int i = -70000; i <= 88000; ++i) {
        const float x = static_cast<float>(i) / 1000.0f, wanted = static_cast<float>(std::exp(static_cast<double>(x)));
        const float found = elementary::exp(x);
        BOOST_TEST_REQUIRE(std::abs(std::bit_cast<std::int32_t>(found) - std::bit_cast<std::int32_t>(wanted)) <= 1);
    }
    BOOST_TEST(elementary::exp(-70.1f) == 0.0f);
    BOOST_TEST(elementary::exp(-std::numeric_limits<float>::infinity()) == 0.0f);
    BOOST_TEST(elementary::exp(89.0f) == std::numeric_limits<float>::infinity());
}

BOOST_AUTO_TEST_CASE(numbers_too_small_to_be_heard_become_zero) {
    BOOST_TEST(gruve::without_tiny(1e-21f) == 0.0f);
    BOOST_TEST(gruve::without_tiny(-1e-40f) == 0.0f);
    BOOST_TEST(gruve::without_tiny(1e-19f) == 1e-19f);
    BOOST_TEST(gruve::without_tiny(-1e-11f, gruve::least_part) == -1e-11f);
}

BOOST_AUTO_TEST_CASE(all_machines_give_these_bits) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (int i = 1; i <= 20000; ++i) {
        const double x = i * 0.0137;
        for (const double value : {elementary::exp(-x), elementary::exp10(x / 8), elementary::log10(x),
                                   elementary::sin(x), elementary::cos(-x)})
            add(hash, std::bit_cast<std::uint64_t>(value));
        add(hash, std::bit_cast<std::uint32_t>(elementary::exp(static_cast<float>(-x / 4))));
    }
    BOOST_TEST(hash == 0x13b372817cbda218u);
}

BOOST_AUTO_TEST_SUITE_END()
