// The benchmark's streams and counts.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tests/benchmarks/wake_words/benchmark_streams.h"
#include "tests/benchmarks/wake_words/miss_curve.h"

using namespace gruve;
using namespace gruve::benchmarks;

namespace {

constexpr int rate = 8000;

/// Half a second of silence, then half a second of a tone.
std::vector<float> tone(double hz) {
    std::vector<float> samples(rate);
    for (std::size_t i = rate / 2; i < rate; ++i)
        samples[i] = static_cast<float>(0.01 * std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / rate));
    return samples;
}

BenchmarkSounds sounds() {
    BenchmarkSounds made;
    made.rate_hz = rate;
    for (int i = 0; i < 7; ++i) made.words.push_back({1 + i % 2, tone(500.0 + 250 * i)});
    for (int i = 0; i < 3; ++i) made.speech.emplace_back(Audio{rate, std::vector<float>(20 * rate, 0.1f)});
    std::vector<float> steady(rate);
    for (std::size_t i = 0; i < steady.size(); ++i) steady[i] = i % 2 == 0 ? 0.5f : -0.5f;
    made.noise.emplace_back(Audio{rate, steady});
    return made;
}

double power(const JudgedStream& stream, double begin_s) {
    const auto begin = static_cast<std::size_t>(begin_s * rate);
    return loudest_power(std::span(stream.samples).subspan(begin, rate * 4 / 10), rate);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(wake_words_benchmark)

BOOST_AUTO_TEST_CASE(each_clip_lies_once_in_noise_at_the_level_of_its_loudest_frame) {
    const BenchmarkStreams streams(sounds(), 0.2, 10, 3), same(sounds(), 0.2, 10, 3);
    BOOST_REQUIRE(streams.count() == 2);
    std::size_t words = 0;
    double seconds = 0;
    for (int i = 0; i < streams.count(); ++i) {
        const JudgedStream stream = streams.stream(i);
        BOOST_TEST((stream.samples == same.stream(i).samples));
        BOOST_TEST(std::abs(*std::ranges::max_element(stream.samples)) <= 1.0f);
        for (const StreamedWord& word : stream.words) {
            BOOST_TEST(word.end_s - word.begin_s == 1.0, boost::test_tools::tolerance(1e-9));
            const double noise = power(stream, word.begin_s), with_word = power(stream, word.begin_s + 0.5);
            BOOST_TEST(with_word / noise == 11.0, boost::test_tools::tolerance(0.05));  // 10 dB above, added
        }
        words += stream.words.size();
        seconds += static_cast<double>(stream.samples.size()) / rate;
    }
    BOOST_TEST(words == 7u);
    BOOST_TEST(std::abs(seconds - 0.2 * 3600) < 20.0);
    BOOST_TEST(streams.speech_s() > 30.0);
    BOOST_TEST(streams.speech_s() < 300.0);
}

BOOST_AUTO_TEST_CASE(a_hit_counts_until_half_a_second_after_the_clip_and_once) {
    const std::vector<StreamedWord> words = {{1, 1.0, 2.0}, {2, 5.0, 6.0}};
    const std::vector<TimedDetection> found = {{1, 0.9}, {1, 1.0}, {1, 2.5}, {2, 2.5}, {2, 6.6}};
    const WordCounts counts = counts_of(found, words, 3);
    BOOST_TEST(counts.clips == (std::vector<int>{0, 1, 1}), boost::test_tools::per_element());
    BOOST_TEST(counts.hits == (std::vector<int>{0, 1, 0}), boost::test_tools::per_element());
    BOOST_TEST(counts.alarms == (std::vector<int>{0, 1, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_word_has_its_lowest_thresholds_from_which_on_it_is_quiet_enough) {
    MissCurve curve;
    curve.seconds = 2 * 3600;
    for (const auto& [hits, alarms] : {std::pair{9, 8}, {8, 1}, {7, 3}, {6, 2}, {5, 0}}) {
        WordCounts counts(3);
        counts.clips = {0, 10, 10};
        counts.hits = {0, hits, 9};
        counts.alarms = {0, alarms, 5};
        curve.by_move.push_back(counts);
    }
    BOOST_TEST(curve.at(1.0).hits == (std::vector<int>{0, 6, 0}), boost::test_tools::per_element());
    BOOST_TEST(curve.at(0.9).hits == (std::vector<int>{0, 5, 0}), boost::test_tools::per_element());
    BOOST_TEST(curve.at(4.0).hits == (std::vector<int>{0, 9, 9}), boost::test_tools::per_element());
    BOOST_TEST(curve.at(1.0).alarms == (std::vector<int>{0, 2, 0}), boost::test_tools::per_element());
    const Missed missed = missed_in(curve.at(1.0));
    BOOST_TEST(missed.missed == 14);
    BOOST_TEST(missed.clips == 20);
    BOOST_TEST(missed.mean_share == 0.7, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_SUITE_END()
