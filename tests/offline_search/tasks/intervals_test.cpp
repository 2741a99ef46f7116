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

BOOST_AUTO_TEST_SUITE_END()
