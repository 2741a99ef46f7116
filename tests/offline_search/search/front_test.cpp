// Domination, archive, hypervolume and the choice of presets, against brute force.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>

#include "offline_search/search/front.h"
#include "offline_search/selection/choose.h"

using namespace gruve;

namespace {

std::vector<Point> random_points(std::uint64_t seed, int count) {
    std::mt19937_64 random(seed);
    std::vector<Point> points;
    for (int i = 0; i < count; ++i)  // few values: many ties
        points.push_back({{i % 36}, {static_cast<double>(random() % 20) / 20, static_cast<double>(random() % 20)}});
    return points;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(front)

BOOST_AUTO_TEST_CASE(archive_holds_exactly_the_non_dominated_points) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto points = random_points(seed, 60);
        Archive archive;
        for (const Point& point : points) archive.add(point);
        for (const Point& point : points) {
            const bool dominated = std::any_of(points.begin(), points.end(), [&](const Point& other) {
                return dominates(other.objectives, point.objectives);
            });
            const bool kept = std::any_of(archive.points().begin(), archive.points().end(),
                                          [&](const Point& p) { return p.objectives == point.objectives; });
            BOOST_CHECK_EQUAL(kept, !dominated);
        }
        for (std::size_t i = 1; i < archive.points().size(); ++i)
            BOOST_CHECK_LT(archive.points()[i - 1].objectives.bytes, archive.points()[i].objectives.bytes);
    }
}

BOOST_AUTO_TEST_CASE(of_equal_points_the_first_stays) {
    Archive archive;
    BOOST_CHECK(archive.add({{1}, {0.5, 10}}));
    BOOST_CHECK(!archive.add({{2}, {0.5, 10}}));
    BOOST_CHECK_EQUAL(archive.points()[0].genes[0], 1);
}

BOOST_AUTO_TEST_CASE(hypervolume_equals_a_count_of_cells) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto points = random_points(seed, 15);
        const Objectives reference{0.9, 17};
        double cells = 0;  // all coordinates are multiples of 1/20 and 1
        for (int e = 0; e < 18; ++e)
            for (int b = 0; b < 17; ++b)
                cells += std::any_of(points.begin(), points.end(), [&](const Point& p) {
                    return p.objectives.error * 20 < e + 0.5 && p.objectives.bytes < b + 0.5;
                });
        BOOST_CHECK_CLOSE(hypervolume(points, reference), cells / 20, 1e-9);
    }
}

BOOST_AUTO_TEST_CASE(chosen_presets_are_on_the_front_and_hold_the_recommended_one) {
    Archive archive;
    for (int i = 0; i < 100; ++i) archive.add({{i % 36, i / 36}, {1.0 / (1 + i), 100.0 + i * i}});
    const auto chosen = choose_presets(archive.points(), 12, 0.5, 0.03);
    BOOST_CHECK_LE(chosen.size(), 13u);
    BOOST_CHECK_GE(chosen.size(), 8u);
    BOOST_CHECK(std::is_sorted(chosen.begin(), chosen.end(),
                               [](const Point& a, const Point& b) { return a.objectives.bytes < b.objectives.bytes; }));
    for (const Point& point : chosen) BOOST_CHECK_LE(point.objectives.error, 0.5);
    const Point* recommended = smallest_within(archive.points(), 0.03);
    BOOST_REQUIRE(recommended != nullptr);
    BOOST_CHECK(std::find(chosen.begin(), chosen.end(), *recommended) != chosen.end());
    BOOST_CHECK(smallest_within(archive.points(), 0.001) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
