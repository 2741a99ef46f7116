// Streams for training and judging keyword networks.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "datasets/mixing/mixer.h"
#include "datasets/support/random.h"
#include "engine/preset/check_preset.h"
#include "offline_search/quantisation/genome.h"
#include "offline_search/quantisation/quantiser.h"
#include "offline_search/tasks/classification/task.h"
#include "offline_search/tasks/classification/word_source.h"
#include "offline_search/tasks/words/augmentation.h"
#include "offline_search/tasks/words/choose_detection.h"
#include "offline_search/tasks/words/drawn_streams.h"
#include "offline_search/tasks/words/operating_points.h"
#include "offline_search/tasks/words/stream_error.h"
#include "offline_search/tasks/words/stream_score.h"
#include "tests/offline_search/random_network.h"

using namespace gruve;

namespace {

constexpr int rate = 8000;

/// A second of near silence with `spoken_s` seconds of a tone.
std::vector<float> tone(double hz, double begin_s, double spoken_s, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<float> samples(rate);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double t = static_cast<double>(i) / rate;
        samples[i] = static_cast<float>(1e-4 * normal(random));
        if (t >= begin_s && t < begin_s + spoken_s)
            samples[i] += static_cast<float>(0.3 * std::sin(2 * std::numbers::pi * hz * t));
    }
    return samples;
}

/// Two "words", one low and one high, and "other" speech in between; one noise in each split.
WordRecordings recordings() {
    WordRecordings made;
    made.rate_hz = rate;
    made.labels = {"other", "high", "low"};
    for (const Split split : {Split::train, Split::validation, Split::test}) {
        for (int label = 0; label < 3; ++label) {
            for (std::uint64_t take = 0; take < 3; ++take) {
                WordRecording clip;
                std::vector<float> samples = tone(label == 0   ? 700
                                                  : label == 1 ? 2000
                                                               : 250,
                                                  0.2, 0.4, take + 10 * static_cast<std::uint64_t>(split));
                clip.label = label;
                clip.split = split;
                std::tie(clip.begin, clip.end) = spoken_part(samples, rate);
                clip.samples = std::move(samples);
                made.clips.push_back(std::move(clip));
            }
        }
        std::mt19937_64 random(static_cast<std::uint64_t>(split) + 1);
        Audio noise{rate, std::vector<float>(2 * rate)};
        for (float& x : noise.samples) x = static_cast<float>(0.05 * normal(random));
        made.noises[static_cast<std::size_t>(split)].push_back(std::move(noise));
    }
    return made;
}

Preset preset_for(const WordRecordings& words, std::uint64_t seed) {
    const FloatNetwork network = random_network(seed, 8, 6, 3);
    Preset preset;
    preset.kind = TaskKind::keywords;
    preset.labels = words.labels;
    preset.rate_hz = rate;
    preset.log_mel.bands = 8;
    preset.log_mel.high_hz = 3800;
    preset.model = Quantiser(network, random_sequences(3, 20, 8, 30), {}).assemble(homogeneous(network, 8));
    return preset;
}

JudgedStream with_words(std::vector<StreamedWord> words) { return {std::vector<float>(10 * rate), std::move(words)}; }

double power_db(std::span<const float> samples) { return 20 * std::log10(rms(samples)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(streams)

BOOST_AUTO_TEST_CASE(the_spoken_part_is_found_by_its_level) {
    const auto samples = tone(440, 0.3, 0.4, 1);
    const auto [begin, end] = spoken_part(samples, rate);
    BOOST_TEST(std::abs(static_cast<double>(begin) / rate - 0.3) <= 0.021);
    BOOST_TEST(std::abs(static_cast<double>(end) / rate - 0.7) <= 0.021);
    const std::vector<float> silence(100);
    BOOST_TEST(spoken_part(silence, rate).second == 100u);
    BOOST_TEST(spoken_part({}, rate).second == 0u);
}

BOOST_AUTO_TEST_CASE(a_step_is_a_words_around_its_end_and_others_before_its_middle) {
    const auto words = std::make_shared<const WordRecordings>(recordings());
    LogMelConfig config;
    config.high_hz = 3800;
    const LogMelSequence log_mel(config, rate);
    const DrawnStreams streams(words, log_mel, Split::train);
    std::mt19937_64 random(5), again(5);
    int of_words = 0, of_none = 0;
    for (int i = 0; i < 20; ++i) {
        const StreamExample example = streams.draw(random), same = streams.draw(again);
        BOOST_REQUIRE(example.labels.size() == static_cast<std::size_t>(streams.steps()));
        BOOST_REQUIRE(example.features.cols() == streams.steps());
        BOOST_TEST(example.features.allFinite());
        BOOST_TEST((example.features == same.features && example.labels == same.labels));
        for (std::size_t t = 0; t < example.labels.size(); ++t) {
            const int label = example.labels[t];
            of_words += label > 0;
            of_none += label == 0;
            // 0.4 s have the word's label; the steps around them have any_label.
            if (t > 0 && label > 0) BOOST_TEST((example.labels[t - 1] == label || example.labels[t - 1] == any_label));
            if (t > 0 && label == 0) BOOST_TEST((example.labels[t - 1] == 0 || example.labels[t - 1] == any_label));
        }
    }
    BOOST_TEST(of_words > 20 * 10);
    BOOST_TEST(of_none > of_words);
}

BOOST_AUTO_TEST_CASE(a_sound_played_ever_faster_has_its_middle_late) {
    for (const Speed speed : {Speed{1.0, 1.0}, Speed{0.8, 1.2}, Speed{1.3, 0.9}}) {
        BOOST_TEST_INFO_SCOPE("from " << speed.first << " to " << speed.last);
        std::vector<float> click(4000);
        click[2000] = 1.0f;
        const std::vector<float> played = change_speed(click, speed);
        const auto heard = std::ranges::max_element(played) - played.begin();
        BOOST_TEST(std::abs(static_cast<double>(heard) - speed.time_of(2000, 4000)) <= 1.0);
        BOOST_TEST(static_cast<double>(played.size()) == std::floor(speed.duration(4000)));
        BOOST_TEST(speed.time_of(0, 4000) == 0.0);
        BOOST_TEST(speed.time_of(4000, 4000) == speed.duration(4000), boost::test_tools::tolerance(1e-9));
        BOOST_TEST((speed.time_of(2000, 4000) > 0.5 * speed.duration(4000)) == (speed.last > speed.first));
    }
}

BOOST_AUTO_TEST_CASE(bands_shift_by_their_own_share_from_the_lowest_to_the_highest) {
    Matrix features(5, 1);
    features << 0, 10, 20, 30, 40;
    shift_bands(features, 0.5, -0.5);
    const std::vector<float> expected = {5, 12.5f, 20, 27.5f, 35};
    BOOST_TEST(std::vector<float>(features.data(), features.data() + 5) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(streams_hold_every_word_once_at_the_stated_level) {
    const WordRecordings words = recordings();
    const auto streams = word_streams(words, Split::validation, 10.0, 3),
               again = word_streams(words, Split::validation, 10.0, 3);
    BOOST_REQUIRE(streams.size() == 1u);
    const JudgedStream& stream = streams.front();
    BOOST_TEST((stream.samples == again.front().samples));
    BOOST_TEST((stream.samples != word_streams(words, Split::validation, 10.0, 4).front().samples));
    BOOST_REQUIRE(stream.words.size() == 6u);
    BOOST_TEST(std::abs(power_db(std::span(stream.samples).first(rate)) + 40.0) < 0.5);
    for (const StreamedWord& word : stream.words) {
        const auto first = static_cast<std::size_t>((word.begin_s + 0.05) * rate),
                   last = static_cast<std::size_t>((word.end_s - 0.05) * rate);
        const double expected =
            10 * std::log10(std::pow(10.0, -3.0) + std::pow(10.0, -4.0));  // word at -30 dBFS and noise at -40
        BOOST_TEST(std::abs(power_db(std::span(stream.samples).subspan(first, last - first)) - expected) < 1.0);
    }
    for (std::size_t i = 1; i < stream.words.size(); ++i)
        BOOST_TEST(stream.words[i].begin_s - stream.words[i - 1].end_s >= 1.0);
}

BOOST_AUTO_TEST_CASE(negatives_are_the_splits_speech_and_noise_and_no_word) {
    const WordRecordings words = recordings();
    const auto streams = negative_streams(words, Split::test, 1);
    BOOST_REQUIRE(streams.size() == 3u);
    for (const JudgedStream& stream : streams) BOOST_TEST(stream.words.empty());
    BOOST_TEST(streams[0].samples.size() == static_cast<std::size_t>(2 * rate + 3 * rate));
    BOOST_TEST(streams[2].samples.size() == static_cast<std::size_t>(2 * rate + 2 * rate));
}

BOOST_AUTO_TEST_CASE(every_detection_that_is_no_hit_is_a_false_alarm) {
    const JudgedStream stream = with_words({{1, 1.0, 1.5}, {2, 4.0, 4.5}, {1, 7.0, 7.5}});
    const std::vector<TimedDetection> heard = {{1, 1.6}, {1, 2.0}, {1, 4.2}, {2, 5.3}, {1, 7.4}};
    const StreamScore score = score_stream(heard, stream, rate);
    BOOST_TEST(score.words == 3);
    BOOST_TEST(score.hits == 2);          // 1.6 and 7.4
    BOOST_TEST(score.false_alarms == 3);  // a second one of the same word, a wrong word, and one that is too late
    BOOST_TEST(score.delay_quantile_s(0) == -0.1, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(score.delay_quantile_s(1) == 0.1, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(score.seconds == 10.0);
    BOOST_TEST(score_stream({}, stream, rate).hits == 0);
}

/// Outputs `logits` at every step.
FloatNetwork constant_network(const Vector& logits) {
    FloatNetwork network = random_network(1, 8, 2, static_cast<int>(logits.size()));
    FloatDense& dense = std::get<FloatDense>(network.layers.back());
    dense.weight.setZero();
    dense.bias = logits;
    return network;
}

BOOST_AUTO_TEST_CASE(speech_and_noise_of_no_split_train_and_never_judge) {
    const auto words = std::make_shared<const WordRecordings>(recordings());
    WordRecordings with_more = *words, without_own = *words;
    with_more.more_speech.push_back({rate, tone(3000, 0.0, 1.0, 1)});
    with_more.more_noise.push_back({rate, tone(3000, 0.0, 1.0, 2)});
    std::erase_if(without_own.clips, [](const WordRecording& clip) { return clip.label == 0; });
    without_own.noises = {};
    without_own.more_speech = with_more.more_speech;
    LogMelConfig config;
    config.bands = 8, config.high_hz = 3800;
    const LogMelSequence log_mel(config, rate);
    // Share of the steps whose loudest band is the highest one. Words, speech and noise of the splits are loudest in
    // other bands.
    const auto loudness_on_top = [&](WordRecordings made, Split split) {
        const DrawnStreams streams(std::make_shared<const WordRecordings>(std::move(made)), log_mel, split);
        std::mt19937_64 random(3);
        long on_top = 0, steps = 0;
        for (int i = 0; i < 20; ++i) {
            const Matrix features = streams.draw(random).features;
            for (Eigen::Index t = 0; t < features.cols(); ++t, ++steps) {
                Eigen::Index loudest = 0;
                features.col(t).maxCoeff(&loudest);
                on_top += loudest == 7;
            }
        }
        return static_cast<double>(on_top) / static_cast<double>(steps);
    };
    const double usual = loudness_on_top(*words, Split::train);
    BOOST_TEST(loudness_on_top(with_more, Split::train) > usual + 0.2);
    BOOST_TEST(loudness_on_top(without_own, Split::train) > usual + 0.1);
    BOOST_TEST(loudness_on_top(with_more, Split::validation) == loudness_on_top(*words, Split::validation));
}

BOOST_AUTO_TEST_CASE(the_error_on_streams_is_the_share_of_words_missed_and_of_seconds_with_an_alarm) {
    const auto words = std::make_shared<const WordRecordings>(recordings());
    LogMelConfig config;
    config.bands = 8, config.high_hz = 3800;
    const LogMelSequence log_mel(config, rate);
    const DrawnStreams streams(words, log_mel, Split::validation);
    const StreamError error(streams, words->labels, 0.02, 2, 1, 1), same(streams, words->labels, 0.02, 2, 1, 2);
    BOOST_TEST(error(constant_network(Vector{{20.0f, 0.0f, 0.0f}}), 1) == 1.0,
               boost::test_tools::tolerance(1e-3));  // all words missed, no alarm
    const double high = error(constant_network(Vector{{0.0f, 20.0f, 0.0f}}), 1),
                 low = error(constant_network(Vector{{0.0f, 0.0f, 20.0f}}), 1);
    BOOST_TEST(high > 1.0);  // an alarm every second, and the low words missed
    BOOST_TEST(high + low == 3.0,
               boost::test_tools::tolerance(1e-3));  // alarms twice; each word is missed by one of them
    const FloatNetwork network = random_network(4, 8, 6, 3);
    BOOST_TEST(error(network, 1) == same(network, 2));
    const Network quantised(Quantiser(network, {streams.draw(*std::make_unique<std::mt19937_64>(1)).features}, {})
                                .assemble(homogeneous(network, 8)));
    BOOST_TEST(std::abs(error(quantised, 2) - error(network, 1)) < 0.05);
}

BOOST_AUTO_TEST_CASE(a_live_task_learns_and_is_judged_by_streams_for_any_jobs) {
    ClassifierRecipe recipe;
    recipe.epochs = 30, recipe.batch = 8, recipe.streams = 8, recipe.learning_rate = 1e-2f;
    ClassificationTask live("words_live", make_word_source(recordings(), true), recipe),
        clips("words", make_word_source(recordings(), false), recipe);
    Preset preset;
    live.describe(preset);
    BOOST_TEST(preset.log_mel.rise_s > 0);
    TrainOptions options;
    options.hidden = 12, options.epochs = 1, options.jobs = 1;
    const FloatNetwork early = live.train(options, {});
    options.epochs = 0, options.jobs = 2;
    const FloatNetwork network = live.train(options, {});
    const Score before = live.evaluate(early, Split::validation, 1),
                after = live.evaluate(network, Split::validation, 1);
    BOOST_TEST(after.error < before.error);
    BOOST_TEST(after.error > clips.evaluate(network, Split::validation, 1).error);  // the error on streams is added
    const Network quantised(Quantiser(network, live.calibration(8), {}).assemble(homogeneous(network, 8)));
    BOOST_TEST(live.evaluate(quantised, Split::validation, 1).error ==
               live.evaluate(quantised, Split::validation, 2).error);
    BOOST_TEST(std::abs(live.evaluate(quantised, Split::validation, 2).error - after.error) < 0.1);
    BOOST_TEST(live.calibration(8).size() == 10u);  // two stretches beside the clips
    BOOST_TEST(clips.calibration(8).size() == 8u);
}

BOOST_AUTO_TEST_CASE(three_segments_reach_a_threshold_and_one_sets_none) {
    constexpr std::size_t labels = 3, words_from = 1;
    std::mt19937_64 random(3);
    std::vector<std::vector<double>> segments;
    for (int i = 0; i < 200; ++i) segments.push_back({9.0, uniform(random, -6.0, 1.0), uniform(random, -6.0, 3.0)});
    const std::vector<double> least = least_thresholds(segments, labels, words_from);
    BOOST_TEST(std::ranges::count_if(segments, [&](const auto& segment) {
                   return segment[1] >= least[1] || segment[2] >= least[2];
               }) == 3);
    BOOST_TEST(std::abs(least[2] - least[1] - 1.0) < 0.1);  // half of the difference between the words' peaks

    segments[7][1] = 4.9;
    BOOST_TEST(std::abs(least_thresholds(segments, labels, words_from)[1] - least[1]) < 0.5);
    BOOST_TEST(least_thresholds({}, labels, words_from) == std::vector<double>(labels),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(detection_settings_are_the_same_for_any_jobs_and_all_but_silent_on_the_negatives_they_saw) {
    const WordRecordings words = recordings();
    Preset one = preset_for(words, 4), two = one;
    choose_detection(one, words, 1);
    choose_detection(two, words, 2);
    BOOST_TEST((one.detection == two.detection));
    BOOST_REQUIRE(one.detection.threshold.size() == 3u);
    for (std::size_t l = 1; l < 3; ++l)
        BOOST_TEST((one.detection.threshold[l] >= 0.5f && one.detection.threshold[l] < 1.0f));
    BOOST_TEST(check(one).empty(), check(one));
    const auto network = std::make_shared<const Network>(one.model);
    BOOST_TEST(score_streams(one, network, negative_streams(words, Split::validation, 1), rate, 1).false_alarms <= 3);
}

BOOST_AUTO_TEST_CASE(operating_points_are_the_same_for_any_jobs_and_give_what_they_say) {
    const WordRecordings words = recordings();
    Preset one = preset_for(words, 4);
    one.detection.threshold = {1.0f, 0.6f, 0.5f};
    const std::vector<float> own = one.detection.threshold;
    Preset two = one;
    const auto rows = choose_operating_points(one, words, {}, 1);
    choose_operating_points(two, words, {}, 2);
    BOOST_TEST((one.detection == two.detection));
    BOOST_TEST(one.detection.threshold == own, boost::test_tools::per_element());
    BOOST_TEST(check(one).empty(), check(one));
    BOOST_REQUIRE(!one.detection.points.empty());
    const auto network = std::make_shared<const Network>(one.model);
    BOOST_REQUIRE(rows.size() == sensitivity_rows(one.detection).size());
    for (const SensitivityRow& row : rows) {
        BOOST_TEST_INFO_SCOPE("sensitivity " << row.sensitivity);
        if (row.aimed_per_hour > 0) BOOST_TEST(alarms_per_hour(row.counted) <= static_cast<double>(row.aimed_per_hour));
        Preset at_row = one;
        at_row.detection.threshold = row.threshold;
        at_row.detection.points.clear();
        StreamScore negatives, hits;
        std::uint32_t words_so_far = 0, hits_so_far = 0;
        for (std::uint64_t seed = 1; seed <= 30; ++seed)
            negatives.add(score_streams(at_row, network, negative_streams(words, Split::validation, seed), rate, 1));
        BOOST_REQUIRE(row.by_noise.size() == 3u);
        for (const NoiseHits& level : row.by_noise) {
            hits.add(score_streams(at_row, network, word_streams(words, Split::validation, level.snr_db, 1), rate, 1));
            words_so_far += level.words, hits_so_far += level.hits;
            BOOST_TEST(static_cast<int>(hits_so_far) == hits.hits);
            BOOST_TEST(static_cast<int>(words_so_far) == hits.words);
        }
        BOOST_TEST(static_cast<int>(row.counted.alarms) == negatives.false_alarms);
        BOOST_TEST(std::abs(row.counted.heard_s - negatives.seconds) < 1e-6 * negatives.seconds);
        BOOST_TEST(std::abs(30 * row.counted.recorded_s - row.counted.heard_s) < 1e-6 * negatives.seconds);
        BOOST_TEST(static_cast<int>(row.counted.hits) == hits.hits);
        BOOST_TEST(static_cast<int>(row.counted.words) == hits.words);
    }
    fix_sensitivity(two, 1.0f);
    BOOST_TEST(two.detection.points.empty());
    BOOST_TEST(two.detection.threshold[2] < own[2]);
}

BOOST_AUTO_TEST_CASE(own_thresholds_for_a_rate_are_those_of_its_point_wherever_they_were_before) {
    const WordRecordings words = recordings();
    Preset one = preset_for(words, 4), two = one;
    one.detection.threshold = {1.0f, 0.6f, 0.5f};
    two.detection.threshold = {1.0f, 0.9f, 0.7f};
    const auto rows = choose_operating_points(one, words, {}, 1, 8.0);
    choose_operating_points(two, words, {}, 2, 8.0);
    BOOST_TEST((one.detection == two.detection));
    BOOST_REQUIRE(!one.detection.points.empty());
    const OperatingPoint& point = one.detection.points.back();
    BOOST_TEST(point.alarms_per_hour == 8.0f);
    BOOST_TEST(one.detection.threshold == point.threshold, boost::test_tools::per_element());
    BOOST_TEST((one.detection.counted == point.counted));
    BOOST_TEST(check(one).empty(), check(one));
    BOOST_TEST(rows.size() == sensitivity_rows(one.detection).size());
}

BOOST_AUTO_TEST_CASE(without_speech_or_noise_there_are_no_operating_points) {
    WordRecordings words = recordings();
    std::erase_if(words.clips, [&](const WordRecording& clip) { return words.is_other(clip.label); });
    for (auto& noises : words.noises) noises.clear();
    Preset preset = preset_for(words, 4);
    preset.detection.threshold = {1.0f, 0.6f, 0.5f};
    BOOST_TEST(choose_operating_points(preset, words, {}, 1).empty());
    BOOST_TEST(preset.detection.points.empty());
}

BOOST_AUTO_TEST_CASE(recordings_heard_in_many_noises_count_once_as_evidence) {
    const StreamCount once{3, 3600, 3600, 0, 0}, often{90, 30 * 3600.0, 3600, 0, 0};
    BOOST_TEST(alarms_per_hour(often) == 3.0);
    BOOST_TEST(alarm_interval(often).high == exact_hourly_interval(3, 3600).high);
    BOOST_TEST(alarm_interval(often).low == alarm_interval(once).low);
    BOOST_TEST(alarm_interval({3, 30 * 3600.0, 3600, 0, 0}).high > 3.69);  // a tenth of an alarm in one hour
    BOOST_TEST(std::isinf(alarm_interval({}).high));
}

BOOST_AUTO_TEST_SUITE_END()
