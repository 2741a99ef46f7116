#include "datasets/layouts/split.h"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <map>

#include "datasets/support/random.h"

namespace gruve {
namespace {

/// Groups of 1 to 30 clips of random classes.
std::vector<GroupedClip> random_clips(std::mt19937_64& random, int groups, int classes) {
    std::vector<GroupedClip> clips;
    for (int g = 0; g < groups; ++g) {
        const std::size_t count = 1 + uniform_index(random, 30);
        for (std::size_t i = 0; i < count; ++i)
            clips.push_back(
                {std::to_string(g), static_cast<int>(uniform_index(random, static_cast<std::size_t>(classes)))});
    }
    return clips;
}

BOOST_AUTO_TEST_SUITE(split)

BOOST_AUTO_TEST_CASE(shares_are_met_by_whole_groups) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        std::mt19937_64 random(seed);
        const auto clips = random_clips(random, 60, 5);
        const auto splits = split_by_group(clips, 0.15, 0.20, seed);
        std::map<std::string, Split> split_of;
        std::array<double, 3> counts{};
        for (std::size_t i = 0; i < clips.size(); ++i) {
            BOOST_REQUIRE(split_of.emplace(clips[i].group, splits[i]).first->second == splits[i]);
            ++counts[static_cast<std::size_t>(splits[i])];
        }
        const double total = static_cast<double>(clips.size());
        BOOST_TEST(std::abs(counts[1] / total - 0.15) < 0.03);
        BOOST_TEST(std::abs(counts[2] / total - 0.20) < 0.03);
    }
}

BOOST_AUTO_TEST_CASE(three_groups_per_class_reach_every_split) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        std::vector<GroupedClip> clips;
        for (int label = 0; label < 4; ++label)
            for (int g = 0; g < 3; ++g)
                for (int i = 0; i <= 10 * g; ++i) clips.push_back({std::to_string(3 * label + g), label});
        const auto splits = split_by_group(clips, 0.15, 0.20, seed);
        std::map<std::pair<int, Split>, int> counts;
        for (std::size_t i = 0; i < clips.size(); ++i) ++counts[{clips[i].label, splits[i]}];
        BOOST_TEST(counts.size() == 12u);
    }
}

BOOST_AUTO_TEST_CASE(order_of_files_does_not_matter_and_the_seed_does) {
    std::mt19937_64 random(7);
    auto clips = random_clips(random, 40, 3);
    const auto as_map = [&](std::uint64_t seed) {
        const auto splits = split_by_group(clips, 0.15, 0.20, seed);
        std::map<std::string, Split> map;
        for (std::size_t i = 0; i < clips.size(); ++i) map[clips[i].group] = splits[i];
        return map;
    };
    const auto first = as_map(1);
    BOOST_TEST((as_map(2) != first));
    shuffle(clips, random);
    BOOST_TEST((as_map(1) == first));
}

BOOST_AUTO_TEST_CASE(with_two_groups_training_and_test_come_first) {
    const auto splits = split_by_group({{"a", 0}, {"b", 0}}, 0.15, 0.20, 1);
    BOOST_TEST(std::count(splits.begin(), splits.end(), Split::train) == 1);
    BOOST_TEST(std::count(splits.begin(), splits.end(), Split::test) == 1);
}

BOOST_AUTO_TEST_CASE(a_share_of_zero_stays_empty) {
    std::mt19937_64 random(3);
    const auto splits = split_by_group(random_clips(random, 20, 2), 0.0, 0.3, 1);
    BOOST_TEST(std::count(splits.begin(), splits.end(), Split::validation) == 0);
    BOOST_TEST(std::count(splits.begin(), splits.end(), Split::test) > 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gruve
