#include "datasets/mixing/synthetic_noise.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "tests/datasets/small_noisy_set.h"

namespace gruve {
namespace {

using test::power;

BOOST_AUTO_TEST_SUITE(synthetic_noises)

BOOST_AUTO_TEST_CASE(each_kind_has_unit_level_and_repeats_by_seed) {
    for (const NoiseKind kind : noise_kinds) {
        std::mt19937_64 a(4), b(4), c(5);
        const std::vector<float> noise = synthetic_noise(kind, 16000, 16000, a);
        BOOST_TEST(std::abs(power(noise) - 1.0) < 1e-3, name_of(kind));
        BOOST_TEST((noise == synthetic_noise(kind, 16000, 16000, b)));
        BOOST_TEST((noise != synthetic_noise(kind, 16000, 16000, c)));
    }
}

BOOST_AUTO_TEST_CASE(pink_noise_falls_by_three_decibels_per_octave) {
    std::mt19937_64 random(1);
    std::vector<double> level;
    const std::vector<float> noise = synthetic_noise(NoiseKind::pink, 1 << 18, 16000, random);
    // The differences between neighbouring blocks of 2^k samples make a Haar spectrum. Its energy is flat per octave
    // for pink noise.
    std::vector<double> block(noise.begin(), noise.end());
    for (int octave = 0; octave < 6; ++octave) {
        double detail = 0;
        std::vector<double> half(block.size() / 2);
        for (std::size_t i = 0; i < half.size(); ++i) {
            detail += std::pow(block[2 * i] - block[2 * i + 1], 2) / 2;
            half[i] = (block[2 * i] + block[2 * i + 1]) / std::sqrt(2.0);
        }
        level.push_back(10 * std::log10(detail / static_cast<double>(noise.size())));
        block = half;
    }
    for (std::size_t k = 1; k < level.size(); ++k) BOOST_TEST(std::abs(level[k] - level[k - 1]) < 2.0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gruve
