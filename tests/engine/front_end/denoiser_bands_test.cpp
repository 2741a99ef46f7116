// The denoiser's windows, bands and features.
#include "engine/front_end/denoiser_bands.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <complex>
#include <random>
#include <string_view>
#include <vector>

#include "engine/front_end/band_layout.h"
#include "tests/engine/signals.h"

using namespace gruve;
using Spectrum = std::vector<std::complex<float>>;

namespace {

const std::vector<double> rates = {8000, 11025, 16000, 22050, 44100, 48000, 96000, 192000};

DenoiserConfig live() {
    DenoiserConfig config;
    config.latency_s = 0.005f;
    config.net_every = 2;
    return config;
}

std::span<const float> frame_at(const std::vector<float>& samples, const DenoiserBands& bands, double time_s,
                                double rate_hz) {
    return std::span(samples).subspan(static_cast<std::size_t>(std::lround(time_s * rate_hz)),
                                      static_cast<std::size_t>(bands.window()));
}

/// Features of `sound` every 10 ms.
std::vector<std::vector<float>> features_of(const std::vector<float>& sound, double rate_hz, double seconds) {
    DenoiserConfig config;
    config.net_every = 2;  // a step is 10 ms
    config.floor_s = 2;
    DenoiserBands bands(config, rate_hz);
    Spectrum spectrum(static_cast<std::size_t>(bands.bins()));
    std::vector<std::vector<float>> all;
    for (double t = 0; t + 0.021 < seconds; t += 0.010) {
        bands.analyse(frame_at(sound, bands, t, rate_hz), spectrum);
        all.emplace_back(static_cast<std::size_t>(bands.features()));
        bands.features(spectrum, all.back());
    }
    return all;
}

/// Largest and mean difference in the bands with centres below `below_hz`.
struct Difference {
    double largest = 0, mean = 0;
};
Difference difference(const std::vector<std::vector<float>>& a, const std::vector<std::vector<float>>& b,
                      double below_hz) {
    const auto centres = erb_centres(40, 50, 8000);
    Difference d;
    int count = 0;
    for (std::size_t t = 0; t < a.size(); ++t) {
        for (std::size_t i = 0; i < a[t].size(); ++i) {
            if (centres[i % 40] > below_hz) continue;
            const double one = std::abs(a[t][i] - b[t][i]);
            d.largest = std::max(d.largest, one);
            d.mean += one;
            ++count;
        }
    }
    d.mean /= count;
    return d;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(denoiser_bands)

BOOST_AUTO_TEST_CASE(unity_gain_gives_the_input_back) {
    for (double rate_hz : rates) {
        for (const DenoiserConfig& config : {DenoiserConfig{}, live()}) {
            DenoiserBands bands(config, rate_hz);
            const auto window = static_cast<std::size_t>(bands.window()), hop = static_cast<std::size_t>(bands.hop());
            BOOST_TEST(bands.latency() == 2 * bands.hop());
            BOOST_TEST(bands.latency() / rate_hz == config.latency_s, boost::test_tools::tolerance(0.03));
            const std::vector<float> sound = tiny::white_noise(window + 40 * hop, 0.3, 5);
            std::vector<double> sum(sound.size());
            Spectrum spectrum(static_cast<std::size_t>(bands.bins()));
            std::vector<float> piece(2 * hop);
            for (std::size_t at = 0; at + window <= sound.size(); at += hop) {
                bands.analyse(std::span(sound).subspan(at, window), spectrum);
                bands.synthesise(spectrum, piece);
                for (std::size_t i = 0; i < piece.size(); ++i) sum[at + window - 2 * hop + i] += piece[i];
            }
            double worst = 0;
            for (std::size_t i = window; i < window + 38 * hop; ++i)
                worst = std::max(worst, std::abs(sum[i] - sound[i]));
            BOOST_TEST(worst < 2e-6);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_tone_has_its_power_in_its_band_at_every_rate) {
    for (double rate_hz : rates) {
        DenoiserBands bands({}, rate_hz);
        const std::vector<float> sound = tiny::tone(1000, 0.5, rate_hz, 0.1);
        Spectrum spectrum(static_cast<std::size_t>(bands.bins()));
        std::vector<float> powers(40);
        bands.analyse(frame_at(sound, bands, 0.03, rate_hz), spectrum);
        bands.band_powers(spectrum, powers);
        double total = 0;
        for (float p : powers) total += p;
        BOOST_TEST(total == 0.125, boost::test_tools::tolerance(0.02));
        const auto loudest = static_cast<std::size_t>(std::max_element(powers.begin(), powers.end()) - powers.begin());
        const auto centres = erb_centres(40, 50, 8000);
        BOOST_TEST(std::abs(centres[loudest] - 1000) < 100);
    }
}

BOOST_AUTO_TEST_CASE(features_of_the_same_sound_agree_at_every_rate) {
    // Units of log10: 0.1 is 1 dB. Frames differ by up to half a sample in their start, most at 11025 Hz, whose window
    // is not a whole number of samples. The lowest rates do not have the highest bands.
    const double seconds = 0.6;
    for (double rate_hz : rates) {
        const double top = rate_hz < 16000 ? 3400 : 7000, compared = rate_hz < 16000 ? 2800 : 8000;
        const auto at = [&](double rate) {
            return features_of(tiny::band_noise(80, top, 0.05, rate, seconds, 3), rate, seconds);
        };
        const Difference d = difference(at(16000), at(rate_hz), compared);
        BOOST_TEST_MESSAGE("features at " << rate_hz << " Hz against 16 kHz: largest difference " << d.largest
                                          << ", mean " << d.mean);
        BOOST_TEST(d.mean < (rate_hz < 16000 ? 0.015 : 0.005));
        BOOST_TEST(d.largest < (rate_hz < 16000 ? 0.8 : 0.2));
    }
}

BOOST_AUTO_TEST_CASE(features_hardly_depend_on_the_input_gain) {
    std::vector<float> sound = tiny::lively(16000, 2.0, 8);
    const auto reference = features_of(sound, 16000, 2.0);
    for (double gain_db : {-30.0, -12.0, 10.0}) {
        std::vector<float> other = sound;
        for (float& x : other) x *= static_cast<float>(std::pow(10, gain_db / 20));
        const Difference d = difference(reference, features_of(other, 16000, 2.0), 8000);
        BOOST_TEST(d.largest < 0.02);
    }
}

BOOST_AUTO_TEST_CASE(features_lie_within_three_and_use_the_range) {
    double low = 0, high = 0;
    for (const auto& frame : features_of(tiny::lively(48000, 2.0, 9), 48000, 2.0)) {
        for (float f : frame) {
            low = std::min<double>(low, f);
            high = std::max<double>(high, f);
        }
    }
    BOOST_TEST(low >= -3.0);
    BOOST_TEST(high <= 3.0);
    BOOST_TEST(low < -1.5);
    BOOST_TEST(high > 1.0);
}

BOOST_AUTO_TEST_CASE(leading_digital_silence_changes_no_later_feature) {
    const std::vector<float> sound = tiny::white_noise(16000, 0.05, 4);
    std::vector<float> late(32000);
    std::copy(sound.begin(), sound.end(), late.begin() + 16000);
    const auto early = features_of(sound, 16000, 1.0), delayed = features_of(late, 16000, 2.0);
    // The first frames after the silence contain part of it. Their share in the mean fades as 1/n, and the floor rises
    // from them.
    for (std::size_t i = 0; i < early.back().size(); ++i)
        BOOST_TEST(std::abs(early.back()[i] - delayed[97 + 100][i]) < 0.2);
}

BOOST_AUTO_TEST_CASE(the_noise_floor_rests_on_the_noise_between_words) {
    // Two seconds of noise, half a second at 30 dB more, then noise again: the floor hardly moves.
    std::vector<float> sound = tiny::white_noise(48000, 0.01, 5);
    for (std::size_t i = 32000; i < 40000; ++i) sound[i] *= 31.6f;
    const auto features = features_of(sound, 16000, 3.0);
    const auto above_floor = [&](std::size_t from, std::size_t to) {
        double sum = 0;
        for (std::size_t t = from; t < to; ++t)
            for (std::size_t b = 80; b < 120; ++b) sum += features[t][b];
        return sum / static_cast<double>(40 * (to - from)) + 1;
    };
    const double noise = above_floor(150, 195);
    BOOST_TEST(noise > 0.1);
    BOOST_TEST(noise < 0.6);
    BOOST_TEST(above_floor(205, 215) > noise + 2.7);
    BOOST_TEST(above_floor(240, 248) > noise + 2.0);
    BOOST_TEST(std::abs(above_floor(285, 295) - noise) < 0.3);
}

BOOST_AUTO_TEST_CASE(without_a_noise_floor_there_are_two_features_per_band) {
    BOOST_TEST(DenoiserBands({}, 16000).features() == 80);
    DenoiserConfig config;
    config.floor_s = 0.05f;
    BOOST_CHECK_EXCEPTION(DenoiserBands(config, 16000), std::invalid_argument, [](const std::exception& e) {
        return std::string_view(e.what()).find("noise floor") != std::string_view::npos;
    });
}

BOOST_AUTO_TEST_CASE(reset_forgets_the_running_means) {
    DenoiserConfig config;
    config.floor_s = 2;
    DenoiserBands bands(config, 16000);
    Spectrum spectrum(static_cast<std::size_t>(bands.bins()));
    const std::vector<float> quiet = tiny::white_noise(320, 0.001, 1), loud = tiny::white_noise(320, 0.5, 2);
    std::vector<float> first(120), again(120);
    bands.analyse(quiet, spectrum);
    bands.features(spectrum, first);
    Spectrum other(spectrum.size());
    bands.analyse(loud, other);
    bands.features(other, again);
    bands.features(spectrum, again);
    BOOST_TEST(first != again);
    bands.reset();
    bands.features(spectrum, again);
    BOOST_TEST(first == again, boost::test_tools::per_element());
}

/// The gains of all bins: a spectrum of ones after apply().
std::vector<float> spread(const DenoiserBands& bands, const std::vector<float>& band_gains) {
    Spectrum spectrum(static_cast<std::size_t>(bands.bins()), 1.0f);
    bands.apply(band_gains, spectrum);
    std::vector<float> gains;
    for (const std::complex<float>& value : spectrum) gains.push_back(value.real());
    return gains;
}

BOOST_AUTO_TEST_CASE(every_band_has_a_bin_and_shares_add_up_to_one) {
    for (double rate_hz : rates) {
        DenoiserBands bands({}, rate_hz);
        const auto count = static_cast<std::size_t>(bands.bands()), bins = static_cast<std::size_t>(bands.bins());
        std::vector<double> sum(bins);
        for (std::size_t b = 0; b < count; ++b) {
            std::vector<float> one(count);
            one[b] = 1;
            const std::vector<float> gains = spread(bands, one);
            double weight = 0;
            for (std::size_t k = 0; k < bins; ++k) {
                sum[k] += gains[k];
                weight += gains[k];
            }
            // Above 16 kHz the last band has no gain of its own (see the next test).
            if (rate_hz == 16000 || (rate_hz > 16000 && b + 1 < count)) BOOST_TEST(weight > 0.9);
        }
        for (double s : sum) BOOST_TEST(std::abs(s - 1) < 1e-6);
    }
}

BOOST_AUTO_TEST_CASE(above_the_trained_bandwidth_the_mean_gain_of_the_bands_from_5_to_7_5_khz_applies) {
    DenoiserBands bands({}, 48000);
    const auto count = static_cast<std::size_t>(bands.bands());
    const auto bin = [&](double hz) { return static_cast<std::size_t>(hz / 48000 * bands.window() + 0.5); };
    int taking_part = 0;
    for (std::size_t b = 0; b < count; ++b) {
        std::vector<float> one(count);
        one[b] = 1;
        const std::vector<float> gains = spread(bands, one);
        const auto peak = static_cast<std::size_t>(std::ranges::max_element(gains) - gains.begin());
        if (peak > bin(5000) && peak < bin(7500)) {
            ++taking_part;
            BOOST_TEST(gains[bin(8050)] > 0);
        } else if (b + 1 < count) {
            BOOST_TEST(gains[bin(8050)] == 0);
        }
        for (std::size_t k = bin(8050); k < gains.size(); ++k) BOOST_TEST_REQUIRE(gains[k] == gains[bin(8050)]);
    }
    BOOST_TEST(taking_part >= 3);
    BOOST_TEST(spread(bands, std::vector<float>(count, 0.25f)).back() == 0.25f);
    // The last band's own gain doesn't count.
    std::vector<float> all_but_one(count, 0.5f);
    all_but_one.back() = 0;
    for (const float gain : spread(bands, all_but_one)) BOOST_TEST_REQUIRE(gain == 0.5f);
}

BOOST_AUTO_TEST_CASE(bands_above_nyquist_count_as_silent) {
    DenoiserBands bands({}, 8000);
    Spectrum spectrum(static_cast<std::size_t>(bands.bins()));
    std::vector<float> features(80);
    bands.analyse(tiny::white_noise(160, 0.1, 3), spectrum);
    bands.features(spectrum, features);
    for (std::size_t b = 34; b < 40; ++b) BOOST_TEST(features[40 + b] == -3.0f, boost::test_tools::tolerance(1e-3f));
}

BOOST_AUTO_TEST_CASE(configurations_out_of_range_are_refused_with_the_allowed_range) {
    const auto refused = [](void (*change)(DenoiserConfig&), double rate_hz, std::string_view part) {
        DenoiserConfig config;
        change(config);
        try {
            DenoiserBands bands(config, rate_hz);
        } catch (const std::invalid_argument& error) {
            return std::string_view(error.what()).find(part) != std::string_view::npos;
        }
        return false;
    };
    BOOST_TEST(refused([](auto&) {}, 7999, "8000..192000"));
    BOOST_TEST(refused([](auto&) {}, std::nan(""), "8000..192000"));
    BOOST_TEST(refused([](auto& c) { c.latency_s = 0.03f; }, 48000, "latency"));
    BOOST_TEST(refused([](auto& c) { c.bands = 161; }, 48000, "2..160"));
    BOOST_TEST(refused([](auto& c) { c.net_every = 0; }, 48000, "1..16"));
    BOOST_TEST(refused([](auto& c) { c.level_s = 0; }, 48000, "0.01..100"));
    DenoiserConfig most;
    most.bands = 160;
    BOOST_TEST(DenoiserBands(most, 48000).bands() == 160);
}

BOOST_AUTO_TEST_SUITE_END()
