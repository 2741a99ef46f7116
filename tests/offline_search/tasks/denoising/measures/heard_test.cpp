#include "offline_search/tasks/denoising/measures/heard.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <random>
#include <stdexcept>

#include "offline_search/tasks/denoising/measures/metrics.h"
#include "tests/offline_search/tasks/denoising/small_noisy_speech.h"

using namespace gruve;
using namespace gruve::test;

namespace {

constexpr std::size_t count = 32000;  // 2 s

/// Buzzing syllables with pauses of the same length.
std::vector<float> speech() {
    std::vector<float> samples(count);
    for (std::size_t n = 0; n < count; ++n) {
        const double t = static_cast<double>(n) / 16000, loud = std::max(0.0, std::sin(2 * std::numbers::pi * 2 * t));
        for (int k = 1; k < 20; ++k)
            samples[n] += static_cast<float>(0.1 * loud / k * std::sin(2 * std::numbers::pi * 120 * k * t));
    }
    return samples;
}

std::vector<float> with_noise(std::vector<float> samples, float level) {
    std::mt19937_64 random(5);
    for (float& v : samples) v += level * noise_sample(random);
    return samples;
}

/// The same, but in the pauses of the speech the noise is turned down.
std::vector<float> with_quiet_pauses(const std::vector<float>& clean, float level, float gain) {
    std::vector<float> samples = with_noise(clean, level);
    for (std::size_t n = 0; n < count; ++n)
        if (std::sin(2 * std::numbers::pi * 2 * static_cast<double>(n) / 16000) <= 0) samples[n] *= gain;
    return samples;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(heard_measure)

BOOST_AUTO_TEST_CASE(more_noise_is_heard_as_worse_and_silence_as_worst) {
    const std::vector<float> clean = speech();
    const HeardMeasure heard(clean, 16000);
    double last = heard.of(clean);
    for (const float level : {0.001f, 0.003f, 0.01f, 0.03f}) {
        const double points = heard.of(with_noise(clean, level));
        BOOST_TEST(points < last);
        last = points;
    }
    BOOST_TEST(heard.of(std::vector<float>(count)) < last);
}

BOOST_AUTO_TEST_CASE(what_is_left_between_words_is_heard_where_si_sdr_hardly_tells) {
    const std::vector<float> clean = speech(), left = with_quiet_pauses(clean, 0.03f, 0.3f),
                             gone = with_quiet_pauses(clean, 0.03f, 0.03f);
    const HeardMeasure heard(clean, 16000);
    BOOST_TEST(si_sdr_db(clean, gone) - si_sdr_db(clean, left) < 0.5);
    BOOST_TEST(heard.of(gone) - heard.of(left) > 1);
}

BOOST_AUTO_TEST_CASE(it_does_not_depend_on_the_level_of_the_recording) {
    const std::vector<float> clean = speech(), noisy = with_noise(clean, 0.01f);
    std::vector<float> quiet = clean, quiet_noisy = noisy;
    for (float& v : quiet) v *= 0.125f;
    for (float& v : quiet_noisy) v *= 0.125f;
    BOOST_TEST(std::abs(HeardMeasure(quiet, 16000).of(quiet_noisy) - HeardMeasure(clean, 16000).of(noisy)) < 1e-3);
}

BOOST_AUTO_TEST_CASE(without_speech_or_in_a_moment_it_is_still_a_number) {
    for (const std::size_t samples : {0u, 1u, 100u, 600u, 32000u}) {
        const std::vector<float> silence(samples);
        std::vector<float> sound(samples, 0.01f);
        BOOST_TEST(std::isfinite(HeardMeasure(silence, 16000).of(silence)));
        BOOST_TEST(std::isfinite(HeardMeasure(silence, 16000).of(sound)));
        BOOST_TEST(std::isfinite(HeardMeasure(sound, 16000).of(sound)));
    }
}

BOOST_AUTO_TEST_CASE(another_rate_is_refused) {
    BOOST_CHECK_THROW(HeardMeasure(speech(), 48000), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
