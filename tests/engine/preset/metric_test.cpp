// How scores are shown to people.
#include "engine/preset/metric.h"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace gruve;

BOOST_AUTO_TEST_SUITE(metric)

BOOST_AUTO_TEST_CASE(values_have_two_decimals_and_the_metrics_unit) {
    BOOST_TEST(accuracy.text(0.975) == "97.50 %");
    BOOST_TEST(accuracy.text(1.0) == "100.00 %");
    BOOST_TEST(si_sdr_gain.text(6.3449) == "6.34 dB");
    BOOST_TEST(si_sdr_gain.text(-0.5) == "-0.50 dB");
}

BOOST_AUTO_TEST_CASE(differences_have_a_sign_and_accuracy_counts_in_points) {
    BOOST_TEST(accuracy.difference_text(-0.0025) == "−0.25 points");
    BOOST_TEST(accuracy.difference_text(0.01) == "+1.00 points");
    BOOST_TEST(si_sdr_gain.difference_text(0.1) == "+0.10 dB");
    BOOST_TEST(si_sdr_gain.difference_text(-12.345) == "−12.35 dB");
}

BOOST_AUTO_TEST_CASE(a_difference_that_rounds_to_zero_has_no_minus) {
    BOOST_TEST(si_sdr_gain.difference_text(0) == "+0.00 dB");
    BOOST_TEST(si_sdr_gain.difference_text(-0.004) == "+0.00 dB");
    BOOST_TEST(accuracy.difference_text(-0.00004) == "+0.00 points");
    BOOST_TEST(si_sdr_gain.difference_text(-0.006) == "−0.01 dB");
}

BOOST_AUTO_TEST_CASE(axes_name_the_metric_and_its_unit) {
    BOOST_TEST(accuracy.axis() == "accuracy, %");
    BOOST_TEST(si_sdr_gain.axis() == "SI-SDR gain, dB");
}

BOOST_AUTO_TEST_CASE(metrics_are_found_by_the_id_that_files_hold) {
    BOOST_TEST(metric_named("accuracy").name == "accuracy");
    BOOST_TEST(metric_named("accuracy").tolerance == 0.005);
    BOOST_TEST(metric_named("si_sdr_gain_db").name == "SI-SDR gain");
    BOOST_TEST(metric_named("si_sdr_gain_db").tolerance == 0.1);
    BOOST_TEST(metric_named("heard_gain").axis() == "heard gain, points");
}

BOOST_AUTO_TEST_CASE(an_unknown_metric_is_shown_under_its_id_as_it_is) {
    const Metric unknown = metric_named("f1");
    BOOST_TEST(unknown.axis() == "f1");
    BOOST_TEST(unknown.text(0.5) == "0.50");
    BOOST_TEST(unknown.difference_text(0.5) == "+0.50");
    BOOST_TEST(unknown.tolerance == 0.0);
}

BOOST_AUTO_TEST_SUITE_END()
