#include "offline_search/report/gene_label.h"

#include <boost/test/unit_test.hpp>

#include "engine/model/operators.h"

using namespace gruve;

BOOST_AUTO_TEST_SUITE(report)

BOOST_AUTO_TEST_CASE(genes_are_shown_as_people_write_them) {
    BOOST_CHECK_EQUAL(gene_label("linear_ir"), "linear ir");
    BOOST_CHECK_EQUAL(gene_label("sigmoid_z"), "sigmoid z");
    BOOST_CHECK_EQUAL(gene_label("one_minus_z"), "1 − z");
    BOOST_CHECK_EQUAL(gene_label("layer 1, product_state"), "layer 1, state product");
    BOOST_CHECK_EQUAL(gene_label("dense pre-activation"), "dense pre-activation");
    for (int op = 0; op < operator_count; ++op)
        BOOST_CHECK_EQUAL(gene_label(std::string(name_of(static_cast<Operator>(op)))).find('_'), std::string::npos);
}

BOOST_AUTO_TEST_CASE(widths_are_shown_in_the_unit_of_their_gene) {
    const GeneInfo weights{"linear_ir", {1, ternary_width, 2}}, rows{"row multipliers", {0, 1}}, hidden{"hidden", {9}};
    BOOST_CHECK_EQUAL(width_label(weights, 2), "2");
    BOOST_CHECK_EQUAL(width_label(weights, ternary_width), "1.6");
    BOOST_CHECK_EQUAL(width_label(rows, 1), "yes");
    BOOST_CHECK_EQUAL(width_label(rows, 0), "no");
    BOOST_CHECK_EQUAL(width_label(hidden, 9), "9");  // units, not the code of ternary weights
    BOOST_CHECK(sets_bits(weights) && !sets_bits(rows) && !sets_bits(hidden));
}

BOOST_AUTO_TEST_SUITE_END()
