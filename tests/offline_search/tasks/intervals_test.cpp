#include "offline_search/tasks/intervals.h"

#include <boost/test/unit_test.hpp>

using namespace gruve;

BOOST_AUTO_TEST_SUITE(intervals)

BOOST_AUTO_TEST_CASE(intervals_are_those_of_the_tables) {
    // 95 of 100 by Wilson; 0 and 10 events by Garwood (3.689 and 4.795..18.390).
    BOOST_TEST(wilson_interval(95, 100).low == 0.8882, boost::test_tools::tolerance(1e-3));
    BOOST_TEST(wilson_interval(95, 100).high == 0.9785, boost::test_tools::tolerance(1e-3));
    BOOST_TEST(wilson_interval(50, 50).high == 1.0, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(hourly_interval(0, 3600).high == 3.689, boost::test_tools::tolerance(1e-3));
    BOOST_TEST(hourly_interval(10, 3600).low == 4.795, boost::test_tools::tolerance(1e-2));
    BOOST_TEST(hourly_interval(10, 7200).high == 9.195, boost::test_tools::tolerance(1e-2));
}

BOOST_AUTO_TEST_CASE(exact_intervals_of_rates_agree_with_published_tables) {
    // Garwood, 1936: 95 % limits of a Poisson mean for 0, 1 and 10 events; one-sided 95 % limits for 0 and 1.
    BOOST_TEST(exact_hourly_interval(0, 3600).low == 0.0);
    BOOST_TEST(exact_hourly_interval(0, 3600).high == 3.6889, boost::test_tools::tolerance(1e-4));
    BOOST_TEST(exact_hourly_interval(1, 3600).low == 0.0253, boost::test_tools::tolerance(1e-3));
    BOOST_TEST(exact_hourly_interval(1, 3600).high == 5.5716, boost::test_tools::tolerance(1e-4));
    BOOST_TEST(exact_hourly_interval(10, 7200).high == 9.1952, boost::test_tools::tolerance(1e-4));
    BOOST_TEST(most_an_hour(0, 3600) == 2.9957, boost::test_tools::tolerance(1e-4));
    BOOST_TEST(most_an_hour(1, 36000) == 0.47439, boost::test_tools::tolerance(1e-4));
}

BOOST_AUTO_TEST_SUITE_END()
