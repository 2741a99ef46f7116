#include "datasets/layouts/noisy_speech.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <map>
#include <set>

#include "tests/datasets/small_noisy_set.h"

namespace gruve {
namespace {

using test::check_data_error;
using test::make_small_set;
using test::read_small_set;
using test::sine;
using test::TemporaryFolder;

BOOST_AUTO_TEST_SUITE(noisy_speech)

BOOST_AUTO_TEST_CASE(every_split_has_its_own_speakers_and_noises) {
    const TemporaryFolder folder;
    make_small_set(folder);
    const NoisySpeech set = read_small_set(folder);
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
    for (const Recording& recording : read_small_set(folder).noise) groups.insert(recording.group);
    BOOST_TEST((groups == std::set<std::string>{"freesound 100", "freesound 200", "freesound 300", "n0.wav", "n1.wav",
                                                "n2.wav", "n3.wav"}));
}

BOOST_AUTO_TEST_CASE(silent_clipped_and_short_clips_are_left_out_and_listed) {
    const TemporaryFolder folder;
    make_small_set(folder);
    std::vector<float> clipped = sine(200, 1.0, 16000, 3.0);
    for (float& sample : clipped) sample = std::clamp(sample, -1.0f, 1.0f);
    folder.wav("speech/s0/clipped.wav", clipped);
    folder.wav("speech/s0/silent.wav", std::vector<float>(16000, 0.0f));
    folder.wav("speech/s1/short.wav", sine(200, 0.049));
    folder.wav("speech/s1/loud.wav", sine(200, 1.0, 16000, 1.0));  // reaches full scale, but is not clipped
    folder.wav("noise/silent.wav", std::vector<float>(16000, 0.00005f));
    folder.wav("noise/clipped.wav", clipped);  // allowed for noise
    const NoisySpeech set = read_small_set(folder);
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
    check_data_error([&] { read_small_set(folder); }, {"speech", "does not exist"});
    folder.file("speech/s0/readme.txt", "");
    check_data_error([&] { read_small_set(folder); }, {"speech", "no audio files"});
    for (int s = 0; s < 3; ++s) folder.wav("speech/s" + std::to_string(s) + "/a.wav", sine(200, 0.02));
    check_data_error([&] { read_small_set(folder); }, {"no usable speech", "all 3 files are shorter than 50 ms"});
    for (int s = 0; s < 3; ++s) folder.wav("speech/s" + std::to_string(s) + "/a.wav", sine(200, 0.5));
    check_data_error([&] { read_small_set(folder); }, {"noise", "does not exist"});
    folder.wav("noise/a.wav", std::vector<float>(8000));
    check_data_error([&] { read_small_set(folder); }, {"no usable noise", "silent"});
}

BOOST_AUTO_TEST_CASE(one_speaker_or_noise_only_is_refused) {
    const TemporaryFolder folder;
    for (int n = 0; n < 5; ++n) folder.wav("speech/anna/" + std::to_string(n) + ".wav", sine(200, 0.5));
    folder.wav("noise/a.wav", sine(100, 0.5));
    check_data_error([&] { read_small_set(folder); }, {"speech", "one speaker only (anna)", "at least 3"});
    folder.wav("speech/ben/0.wav", sine(200, 0.5));
    check_data_error([&] { read_small_set(folder); }, {"two speakers only (anna, ben)"});
    folder.wav("speech/carl/0.wav", sine(200, 0.5));
    check_data_error([&] { read_small_set(folder); }, {"noise", "one recording", "a.wav"});
}

BOOST_AUTO_TEST_CASE(bad_samples_name_the_file) {
    const TemporaryFolder folder;
    make_small_set(folder);
    std::vector<float> samples = sine(200, 0.5);
    samples[8] = std::numeric_limits<float>::quiet_NaN();
    folder.wav("noise/broken.wav", samples);
    check_data_error([&] { read_small_set(folder); }, {"noise/broken.wav", "NaN", "sample 8"});
    folder.file("noise/broken.wav", "not audio, not audio, not audio, not audio, not audio");
    check_data_error([&] { read_small_set(folder); }, {"noise/broken.wav", "cannot be read"});
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

}  // namespace
}  // namespace gruve
