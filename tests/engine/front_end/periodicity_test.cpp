// How much of each band repeats, for voices of every pitch, noise and silence at all rates and levels.
#include "engine/front_end/periodicity.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "engine/front_end/denoiser_bands.h"
#include "tests/engine/signals.h"

using namespace gruve;

namespace {

DenoiserConfig config_of(float latency_s) {
    DenoiserConfig config;
    config.latency_s = latency_s;
    config.net_every = static_cast<int>(std::lround(0.010f / latency_s));  // a step every 5 ms
    config.periodicity = true;
    return config;
}

/// Mean correlation of bands begin..end − 1 over the last second. A feature is twice the correlation.
double mean_correlation(const std::vector<float>& sound, double rate_hz, float latency_s, int begin, int end) {
    const DenoiserConfig config = config_of(latency_s);
    DenoiserBands bands(config, rate_hz);
    std::vector<std::complex<float>> spectrum(static_cast<std::size_t>(bands.bins()));
    std::vector<float> features(static_cast<std::size_t>(bands.features()));
    const int step = bands.hop() * config.net_every, steps = (static_cast<int>(sound.size()) - bands.window()) / step;
    double sum = 0;
    int count = 0;
    for (int t = 0; t < steps; ++t) {
        bands.analyse(
            std::span(sound).subspan(static_cast<std::size_t>(t * step), static_cast<std::size_t>(bands.window())),
            spectrum);
        bands.features(spectrum, features);
        for (float value : std::span(features).last(40)) {
            BOOST_TEST_REQUIRE(std::isfinite(value));
            BOOST_TEST_REQUIRE(std::abs(value) <= 2.0f);
        }
        if (t < steps - 200) continue;
        for (int b = begin; b < end; ++b) sum += features[static_cast<std::size_t>(80 + b)] / 2, ++count;
    }
    return sum / count;
}

/// A pulse-like voice: harmonics of pitch_hz up to 4 kHz, with vibrato of 2 %.
std::vector<float> voice(double pitch_hz, double rate_hz, double seconds) {
    std::vector<float> samples(static_cast<std::size_t>(seconds * rate_hz));
    double phase = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        phase += 2 * std::numbers::pi * pitch_hz *
                 (1 + 0.02 * std::sin(2 * std::numbers::pi * 4 * static_cast<double>(i) / rate_hz)) / rate_hz;
        for (int h = 1; h * pitch_hz < 4000; ++h)
            samples[i] += static_cast<float>(0.02 * std::cos(h * phase + 0.3 * h * h));
    }
    return samples;
}

std::vector<float> operator+(std::vector<float> a, const std::vector<float>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
    return a;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(periodicity_tests)

BOOST_AUTO_TEST_CASE(voices_repeat_and_noise_does_not) {
    for (double rate_hz : {16000.0, 44100.0, 48000.0})
        for (float latency_s : {0.010f, 0.005f}) {
            const std::vector<float> noise = tiny::white_noise(static_cast<std::size_t>(3 * rate_hz), 0.1, 1);
            BOOST_TEST_CONTEXT(rate_hz << " Hz, latency " << latency_s) {
                BOOST_TEST(mean_correlation(noise, rate_hz, latency_s, 5, 30) < 0.45);
                for (double pitch_hz : {70.0, 110.0, 160.0, 230.0, 350.0}) BOOST_TEST_CONTEXT("pitch " << pitch_hz) {
                        BOOST_TEST(mean_correlation(voice(pitch_hz, rate_hz, 3), rate_hz, latency_s, 2, 24) > 0.85);
                    }
            }
        }
}

BOOST_AUTO_TEST_CASE(a_voice_under_noise_shows_in_the_bands_where_it_is) {
    // White noise is alone above 4 kHz, where the voice has no harmonics, and about 10 dB below the voice elsewhere.
    const std::vector<float> sound = voice(120, 16000, 3) + tiny::white_noise(48000, 0.02, 2);
    BOOST_TEST(mean_correlation(sound, 16000, 0.010f, 2, 22) > mean_correlation(sound, 16000, 0.010f, 34, 40) + 0.3);
}

BOOST_AUTO_TEST_CASE(level_changes_nothing) {
    const std::vector<float> sound = voice(120, 16000, 2) + tiny::white_noise(32000, 0.02, 2);
    const double as_it_is = mean_correlation(sound, 16000, 0.010f, 0, 40);
    for (float gain : {0.01f, 10.0f}) {
        std::vector<float> scaled = sound;
        for (float& sample : scaled) sample *= gain;
        BOOST_TEST(std::abs(mean_correlation(scaled, 16000, 0.010f, 0, 40) - as_it_is) < 0.01);
    }
}

BOOST_AUTO_TEST_CASE(silence_has_no_period) {
    BOOST_TEST(mean_correlation(std::vector<float>(32000), 16000, 0.010f, 0, 40) == 0.0);
}

BOOST_AUTO_TEST_SUITE_END()
