#include "datasets/layouts/noisy_speech.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <set>

#include "datasets/audio/resample.h"
#include "datasets/mixing/mixture.h"
#include "datasets/mixing/synthetic_noise.h"
#include "tests/datasets/temporary_folder.h"

namespace gruve {
namespace {

using test::check_data_error;
using test::sine;
using test::TemporaryFolder;

double power(const std::vector<float>& samples) {
    double sum = 0;
    for (const float sample : samples) sum += static_cast<double>(sample) * sample;
    return sum / static_cast<double>(samples.size());
}

/// Four speakers of two clips (sines of their own pitch), four noises.
void make_small_set(const TemporaryFolder& folder) {
    std::mt19937_64 random(5);
    for (int s = 0; s < 4; ++s)
        for (int n = 0; n < 2; ++n)
            folder.wav("speech/s" + std::to_string(s) + "/" + std::to_string(n) + ".wav",
                       sine(200 + 50 * s, 0.6 + 0.2 * n));
    for (int n = 0; n < 4; ++n) {
        std::vector<float> noise = synthetic_noise(NoiseKind::pink, n == 0 ? 4000 : 32000, 16000, random);
        for (float& sample : noise) sample *= 0.05f;
        folder.wav("noise/n" + std::to_string(n) + ".wav", noise);
    }
}

NoisySpeech read(const TemporaryFolder& folder, int rate_hz = 16000) {
    return read_noisy_speech(folder / "speech", folder / "noise", rate_hz, 1);
}

BOOST_AUTO_TEST_SUITE(noisy_speech)

BOOST_AUTO_TEST_CASE(every_split_has_its_own_speakers_and_noises) {
    const TemporaryFolder folder;
    make_small_set(folder);
    const NoisySpeech set = read(folder);
    for (const auto* recordings : {&set.speech, &set.noise}) {
        std::map<std::string, std::set<Split>> splits;
        std::set<Split> used;
        for (const Recording& recording : *recordings) {
            splits[recording.group].insert(recording.split);
            used.insert(recording.split);
        }
        for (const auto& [group, in] : splits) BOOST_TEST(in.size() == 1u, group);
        BOOST_TEST(used.size() == 3u);
    }
}

BOOST_AUTO_TEST_CASE(takes_of_one_freesound_recording_stay_together) {
    const TemporaryFolder folder;
    make_small_set(folder);
    for (const char* name : {"1-100-A", "2-100-B", "3-200-A", "1-300-A-12", "4-300-B-12"})
        folder.wav(std::string("noise/rain/") + name + ".wav", sine(100, 0.5));
    std::set<std::string> groups;
    for (const Recording& recording : read(folder).noise) groups.insert(recording.group);
    BOOST_TEST((groups == std::set<std::string>{"freesound 100", "freesound 200", "freesound 300", "n0.wav", "n1.wav",
                                                "n2.wav", "n3.wav"}));
}

BOOST_AUTO_TEST_CASE(a_fixed_mixture_has_its_snr_and_is_the_same_each_time) {
    const TemporaryFolder folder;
    make_small_set(folder);
    const NoisySpeech set = read(folder);
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
    NoisySpeech set = read(folder);
    const Mixture before = fixed_mixture(set, Split::test, 0, {0}, 1.0);
    for (auto* recordings : {&set.speech, &set.noise})
        for (Recording& recording : *recordings)
            if (recording.split != Split::test)
                std::fill(recording.audio.samples.begin(), recording.audio.samples.end(), 0.9f);
    BOOST_TEST((fixed_mixture(set, Split::test, 0, {0}, 1.0).noisy == before.noisy));
}

BOOST_AUTO_TEST_CASE(random_mixtures_repeat_by_seed_stay_in_range_and_use_training_only) {
    const TemporaryFolder folder;
    make_small_set(folder);
    NoisySpeech set = read(folder);
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
                std::fill(recording.audio.samples.begin(), recording.audio.samples.end(), 0.9f);
    BOOST_TEST((random_mixture(set, after, 1.0).noisy == untouched.noisy));
}

BOOST_AUTO_TEST_CASE(gated_speech_gets_a_noise_floor) {
    const TemporaryFolder folder;
    make_small_set(folder);
    const NoisySpeech set = read(folder);
    std::mt19937_64 random(2);
    for (int i = 0; i < 20; ++i) {
        const Mixture mixture = random_mixture(set, random, 1.0);
        std::size_t longest = 0, run = 0;
        for (const float sample : mixture.noisy) longest = std::max(longest, run = sample == 0.0f ? run + 1 : 0);
        BOOST_TEST(longest < 4u);
    }
}

BOOST_AUTO_TEST_CASE(silent_clipped_and_short_clips_are_left_out_and_listed) {
    const TemporaryFolder folder;
    make_small_set(folder);
    std::vector<float> clipped = sine(200, 1.0, 16000, 3.0);
    for (float& sample : clipped) sample = std::clamp(sample, -1.0f, 1.0f);
    folder.wav("speech/s0/clipped.wav", clipped);
    folder.wav("speech/s0/silent.wav", std::vector<float>(16000, 0.0f));
    folder.wav("speech/s1/short.wav", sine(200, 0.049));
    folder.wav("speech/s1/loud.wav", sine(200, 1.0, 16000, 1.0));  // full scale, but not clipped
    folder.wav("noise/silent.wav", std::vector<float>(16000, 0.00005f));
    folder.wav("noise/clipped.wav", clipped);  // fine for a noise
    const NoisySpeech set = read(folder);
    BOOST_TEST(set.speech.size() == 9u);
    BOOST_TEST(set.noise.size() == 5u);
    std::string all;
    for (const std::string& line : set.left_out) all += line + "\n";
    BOOST_TEST(set.left_out.size() == 4u, all);
    for (const char* text : {"s0/clipped.wav: clipped", "s0/silent.wav: silent", "s1/short.wav: shorter than 50 ms",
                             "noise/silent.wav: silent"})
        BOOST_TEST(all.find(text) != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(folders_without_anything_usable_are_refused) {
    const TemporaryFolder folder;
    check_data_error([&] { read(folder); }, {"speech", "doesn't exist"});
    folder.file("speech/s0/readme.txt", "");
    check_data_error([&] { read(folder); }, {"speech", "no audio files"});
    for (int s = 0; s < 3; ++s) folder.wav("speech/s" + std::to_string(s) + "/a.wav", sine(200, 0.02));
    check_data_error([&] { read(folder); }, {"no usable speech", "all 3 files are shorter than 50 ms"});
    for (int s = 0; s < 3; ++s) folder.wav("speech/s" + std::to_string(s) + "/a.wav", sine(200, 0.5));
    check_data_error([&] { read(folder); }, {"noise", "doesn't exist"});
    folder.wav("noise/a.wav", std::vector<float>(8000));
    check_data_error([&] { read(folder); }, {"no usable noise", "silent"});
}

BOOST_AUTO_TEST_CASE(one_speaker_or_noise_only_is_refused) {
    const TemporaryFolder folder;
    for (int n = 0; n < 5; ++n) folder.wav("speech/anna/" + std::to_string(n) + ".wav", sine(200, 0.5));
    folder.wav("noise/a.wav", sine(100, 0.5));
    check_data_error([&] { read(folder); }, {"speech", "one speaker only (anna)", "at least 3"});
    folder.wav("speech/ben/0.wav", sine(200, 0.5));
    check_data_error([&] { read(folder); }, {"two speakers only (anna, ben)"});
    folder.wav("speech/carl/0.wav", sine(200, 0.5));
    check_data_error([&] { read(folder); }, {"noise", "one recording", "a.wav"});
}

BOOST_AUTO_TEST_CASE(bad_samples_name_the_file) {
    const TemporaryFolder folder;
    make_small_set(folder);
    std::vector<float> samples = sine(200, 0.5);
    samples[8] = std::numeric_limits<float>::quiet_NaN();
    folder.wav("noise/broken.wav", samples);
    check_data_error([&] { read(folder); }, {"noise/broken.wav", "NaN", "sample 8"});
    folder.file("noise/broken.wav", "not audio, not audio, not audio, not audio, not audio");
    check_data_error([&] { read(folder); }, {"noise/broken.wav", "cannot be read"});
}

BOOST_AUTO_TEST_CASE(flat_speech_files_are_grouped_by_their_names) {
    const TemporaryFolder folder;
    make_small_set(folder);
    for (const char* name : {"anna_0", "anna_1", "ben_0", "carl_0"})
        folder.wav(std::string("flat/") + name + ".wav", sine(200, 0.5, 8000), 8000);
    const NoisySpeech set = read_noisy_speech(folder / "flat", folder / "noise", 16000, 1);
    BOOST_TEST(set.speech[0].group == "anna");
    BOOST_TEST(set.speech[1].group == "anna");
    BOOST_TEST(set.speech[0].audio.samples.size() == 8000u);  // resampled from 8 kHz
    BOOST_TEST(set.speech[0].audio.rate_hz == 16000);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(resampler)

BOOST_AUTO_TEST_CASE(tones_keep_pitch_phase_and_level) {
    for (const auto& [from, to] :
         {std::pair{8000, 16000}, {44100, 16000}, {16000, 48000}, {22050, 16000}, {48000, 44100}, {93, 100}}) {
        const double scale = from < 1000 ? 160.0 : 1.0;  // ratios are read as rates of 14.9 and 16 kHz
        const int from_hz = static_cast<int>(from * scale), to_hz = static_cast<int>(to * scale);
        const double tone = 0.4 * std::min(from_hz, to_hz);
        const std::vector<float> out = resample(sine(tone, 0.5, from_hz), from, to), expected = sine(tone, 0.5, to_hz);
        BOOST_TEST(std::abs(static_cast<double>(out.size()) - static_cast<double>(expected.size())) <= 1.0);
        for (std::size_t i = 400; i + 400 < expected.size(); ++i) BOOST_REQUIRE(std::abs(out[i] - expected[i]) < 3e-4);
    }
}

BOOST_AUTO_TEST_CASE(tones_above_the_new_band_vanish) {
    const std::vector<float> out = resample(sine(9000, 0.5, 48000), 48000, 16000);
    double peak = 0;
    for (std::size_t i = 200; i + 200 < out.size(); ++i) peak = std::max(peak, static_cast<double>(std::abs(out[i])));
    BOOST_TEST(20 * std::log10(peak / 0.3) < -65.0);
}

BOOST_AUTO_TEST_CASE(rates_without_a_common_divisor_ask_for_no_more_than_the_recording_needs) {
    // A second of memory and sines for a few samples: the rows of taps that no output uses aren't made.
    const std::vector<float> few = resample({0.0f, 1.0f, 0.0f}, 767999, 768000),
                             more = resample(sine(440, 0.01, 767999), 767999, 16000);
    BOOST_TEST(few.size() == 4u);
    BOOST_TEST(more.size() == 160u);
    check_data_error([] { resample(std::vector<float>(800000), 767999, 16000); },
                     {"767999 to 16000 Hz", "a common divisor of only 1 Hz"});
}

BOOST_AUTO_TEST_CASE(equal_rates_change_nothing_and_bad_rates_are_refused) {
    BOOST_TEST((resample(sine(440, 0.1), 48000, 48000) == sine(440, 0.1)));
    BOOST_TEST(resample({}, 8000, 16000).empty());
    check_data_error([] { resample({0.0f}, 0, 16000); }, {"rates must be above 0"});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(synthetic_noises)

BOOST_AUTO_TEST_CASE(each_kind_has_unit_level_and_repeats_by_seed) {
    for (const NoiseKind kind : kNoiseKinds) {
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
    // Energy of differences between neighbours of blocks 2^k: a Haar spectrum, flat per octave for pink noise.
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
