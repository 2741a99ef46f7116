#include "engine/model/packing.h"

#include <boost/test/unit_test.hpp>
#include <random>

#include "engine/model/fixed_point.h"
#include "engine/model/operators.h"

using namespace gruve;

BOOST_AUTO_TEST_SUITE(packing)

BOOST_AUTO_TEST_CASE(weights_survive_packing_at_every_width_and_length) {
    std::mt19937 random(2);
    for (int width : {1, 2, 3, 4, 5, 6, 7, 8, int{ternary_width}}) {
        std::vector<std::int8_t> levels;
        for (int level = -128; level <= 127; ++level)
            if (level_allowed(level, width)) levels.push_back(static_cast<std::int8_t>(level));
        const std::size_t expected_levels = width == ternary_width ? 3
                                            : width <= 3           ? std::size_t{1} << width
                                                                   : (std::size_t{1} << width) - 1;
        BOOST_TEST(levels.size() == expected_levels, "width " << width);
        for (std::size_t count = 0; count <= 65; ++count) {
            std::vector<std::int8_t> weights(count);
            for (auto& weight : weights) weight = levels[random() % levels.size()];
            const auto bytes = pack_weights(weights, width);
            BOOST_REQUIRE_EQUAL(bytes.size(), packed_weight_bytes(count, width));
            BOOST_REQUIRE(unpack_weights(bytes, count, width) == weights);
        }
    }
}

BOOST_AUTO_TEST_CASE(packed_sizes_are_the_widths_themselves) {
    BOOST_TEST(packed_weight_bytes(1000, 8) == 1000);
    BOOST_TEST(packed_weight_bytes(1000, 3) == 375);
    BOOST_TEST(packed_weight_bytes(1000, 2) == 250);
    BOOST_TEST(packed_weight_bytes(1000, ternary_width) == 200);
    BOOST_TEST(packed_weight_bytes(1000, 1) == 125);
    BOOST_TEST(packed_weight_bytes(1001, 1) == 126);
}

BOOST_AUTO_TEST_CASE(fields_survive_packing_signed_and_unsigned) {
    std::mt19937 random(3);
    for (int bits = 2; bits <= 16; ++bits)
        for (std::size_t count : {0, 1, 7, 8, 9, 255}) {
            std::vector<std::int16_t> values(count), positive(count);
            for (std::size_t i = 0; i < count; ++i) {
                values[i] = static_cast<std::int16_t>(clamp_signed(static_cast<std::int16_t>(random()), bits));
                positive[i] =
                    static_cast<std::int16_t>(random() & static_cast<unsigned>(unsigned_max(bits < 16 ? bits : 15)));
            }
            BOOST_REQUIRE(unpack_fields(pack_fields(values, bits), count, bits, true) == values);
            BOOST_REQUIRE(unpack_fields(pack_fields(positive, bits), count, bits, false) == positive);
        }
}

BOOST_AUTO_TEST_SUITE_END()
