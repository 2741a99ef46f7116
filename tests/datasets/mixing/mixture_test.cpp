#include "datasets/mixing/mixture.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "datasets/layouts/denoise_layouts.h"
#include "tests/datasets/small_noisy_set.h"

namespace gruve {
namespace {

using test::make_small_set;
using test::power;
using test::read_small_set;
using test::TemporaryFolder;

BOOST_AUTO_TEST_SUITE(mixture)

BOOST_AUTO_TEST_CASE(a_fixed_mixture_has_its_snr_and_is_the_same_each_time) {
    const TemporaryFolder folder;
    make_small_set(folder);
    const NoisySpeech set = read_small_set(folder);
    const std::vector<float> snrs = {-5, 0, 5, 10};
    for (int i = 0; i < 24; ++i) {
        const Mixture a = fixed_mixture(set, Split::test, i, snrs, 1.5),
                      b = fixed_mixture(set, Split::test, i, snrs, 1.5);
        BOOST_TEST((a.noisy == b.noisy && a.clean == b.clean));
        BOOST_TEST(a.clean.size() == 24000u);
        BOOST_TEST(a.snr_db == snrs[static_cast<std::size_t>(i) % 4]);
        std::vector<float> noise = a.noisy;
        for (std::size_t k = 0; k < noise.size(); ++k) noise[k] -= a.clean[k];
        BOOST_TEST(std::abs(10 * std::log10(power(a.clean) / power(noise)) - a.snr_db) < 0.01);
    }
    BOOST_TEST(
        (fixed_mixture(set, Split::test, 0, snrs, 1.5).noisy != fixed_mixture(set, Split::test, 4, snrs, 1.5).noisy));
}

BOOST_AUTO_TEST_CASE(fixed_mixtures_use_their_own_split_only) {
    const TemporaryFolder folder;
    make_small_set(folder);
    NoisySpeech set = read_small_set(folder);
    const Mixture before = fixed_mixture(set, Split::test, 0, {0}, 1.0);
    for (auto* recordings : {&set.speech, &set.noise})
        for (Recording& recording : *recordings)
            if (recording.split != Split::test)
                recording.audio.samples = std::vector<float>(recording.audio.samples.size(), 0.9f);
    BOOST_TEST((fixed_mixture(set, Split::test, 0, {0}, 1.0).noisy == before.noisy));
}

BOOST_AUTO_TEST_CASE(random_mixtures_repeat_by_seed_stay_in_range_and_use_training_only) {
    const TemporaryFolder folder;
    make_small_set(folder);
    NoisySpeech set = read_small_set(folder);
    std::mt19937_64 first(9), second(9), other(10);
    for (int i = 0; i < 40; ++i) {
        const Mixture a = random_mixture(set, first, 1.0);
        BOOST_TEST((a.noisy == random_mixture(set, second, 1.0).noisy));
        BOOST_TEST((a.noisy != random_mixture(set, other, 1.0).noisy));
        BOOST_TEST(a.clean.size() == 16000u);
        BOOST_TEST(a.noisy.size() == 16000u);
        BOOST_TEST((a.snr_db >= -10.0f && a.snr_db <= 12.0f));
        BOOST_TEST(power(a.clean) > 1e-7);
        for (const float sample : a.noisy) BOOST_REQUIRE((std::isfinite(sample) && std::abs(sample) <= 1.01f));
    }
    std::mt19937_64 before(3), after(3);
    const Mixture untouched = random_mixture(set, before, 1.0);
    for (auto* recordings : {&set.speech, &set.noise})
        for (Recording& recording : *recordings)
            if (recording.split != Split::train)
                recording.audio.samples = std::vector<float>(recording.audio.samples.size(), 0.9f);
    BOOST_TEST((random_mixture(set, after, 1.0).noisy == untouched.noisy));
}

BOOST_AUTO_TEST_CASE(variety_moves_levels_and_reaches_higher_snrs) {
    const TemporaryFolder folder;
    make_small_set(folder);
    const NoisySpeech set = read_small_set(folder);
    const auto draw = [&](const MixtureVariety& variety, int seed) {
        std::mt19937_64 random(static_cast<std::uint64_t>(seed));
        return random_mixture(set, random, 1.0, variety);
    };
    float highest = -100;
    for (int seed = 0; seed < 40; ++seed) {
        const Mixture usual = draw({}, seed), moved = draw({.speech_moves = 1}, seed);
        BOOST_TEST((usual.clean != moved.clean));
        BOOST_TEST((draw({.noise_moves = 1}, seed).clean.size() == usual.clean.size()));
        BOOST_TEST((draw({.noise_moves = 1}, seed).noisy != usual.noisy));
        const Mixture babble = draw({.second_noise = 1, .babble = 0.8, .most_voices = 20}, seed);
        for (const float sample : babble.noisy) BOOST_REQUIRE((std::isfinite(sample) && std::abs(sample) <= 1.01f));
        highest = std::max(highest, draw({.highest_snr_db = 40}, seed).snr_db);
    }
    BOOST_TEST(highest > 12);
    BOOST_TEST(highest <= 40);
}

BOOST_AUTO_TEST_CASE(gated_speech_gets_a_noise_floor) {
    const TemporaryFolder folder;
    make_small_set(folder);
    const NoisySpeech set = read_small_set(folder);
    std::mt19937_64 random(2);
    for (int i = 0; i < 20; ++i) {
        const Mixture mixture = random_mixture(set, random, 1.0);
        std::size_t longest = 0, run = 0;
        for (const float sample : mixture.noisy) longest = std::max(longest, run = sample == 0.0f ? run + 1 : 0);
        BOOST_TEST(longest < 4u);
    }
}

BOOST_AUTO_TEST_CASE(known_weights_give_the_same_mixtures) {
    const TemporaryFolder folder;
    make_small_set(folder);
    const NoisySpeech known = read_denoise_data(folder.path(), 16000, 1);
    BOOST_REQUIRE(known.speech_weights);
    NoisySpeech unknown = known;
    unknown.speech_weights = unknown.noise_weights = nullptr;
    std::mt19937_64 a(7), b(7);
    for (int i = 0; i < 5; ++i)
        BOOST_TEST((random_mixture(known, a, 0.5).noisy == random_mixture(unknown, b, 0.5).noisy));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gruve
