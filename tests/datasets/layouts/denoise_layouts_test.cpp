#include "datasets/layouts/denoise_layouts.h"

#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

#include "datasets/mixing/mixture.h"
#include "tests/datasets/temporary_folder.h"

namespace gruve {
namespace {

using test::check_data_error;
using test::sine;
using test::TemporaryFolder;

/// As in VoiceBank-DEMAND, clean and noisy folders have files of the same names. The noise is a 1 kHz tone.
void make_pairs(const TemporaryFolder& folder, const std::string& clean, const std::string& noisy,
                const std::vector<std::string>& speakers) {
    for (const std::string& speaker : speakers)
        for (int n = 0; n < 2; ++n) {
            const std::string name = "/" + speaker + "_" + std::to_string(n) + ".wav";
            std::vector<float> samples = sine(300, 0.3);
            folder.wav(clean + name, samples);
            const std::vector<float> tone = sine(1000, 0.3, 16000, 0.1);
            for (std::size_t i = 0; i < samples.size(); ++i) samples[i] += tone[i];
            folder.wav(noisy + name, samples);
        }
}

std::map<Split, std::set<std::string>> groups_of(const std::vector<Recording>& recordings) {
    std::map<Split, std::set<std::string>> groups;
    for (const Recording& recording : recordings) groups[recording.split].insert(recording.group);
    return groups;
}

BOOST_AUTO_TEST_SUITE(denoise_layouts)

BOOST_AUTO_TEST_CASE(own_layout_comes_first) {
    const TemporaryFolder folder;
    for (const char* name : {"speech", "noise", "clean_train", "noise_train"})
        std::filesystem::create_directory(folder / name);
    const DenoiseLayout layout = find_denoise_layout(folder.path());
    BOOST_TEST(layout.name == "speech and noise");
    BOOST_TEST(layout.speech == folder / "speech");
    BOOST_TEST(!layout.pairs);
}

BOOST_AUTO_TEST_CASE(rooms_are_found_and_speech_sounds_in_them_target_and_all) {
    const TemporaryFolder folder;
    for (int i = 0; i < 3; ++i) {
        folder.wav("speech/s" + std::to_string(i) + "/a.wav", sine(200 + 50 * i, 1.0));
        folder.wav("noise/n" + std::to_string(i) + ".wav", sine(3000, 1.0));
    }
    const auto mixture = [&] {
        std::mt19937_64 random(2);
        std::vector<Mixture> all;
        const NoisySpeech set = read_denoise_data(folder.path(), 16000, 1);
        for (int i = 0; i < 12; ++i) all.push_back(random_mixture(set, random, 0.5));
        return all;
    };
    const auto dry = mixture();
    std::vector<float> response(1600);
    response[100] = 0.5f, response[900] = -0.25f;  // 50 ms after the direct sound
    folder.wav("rooms/hall.wav", response);
    const NoisySpeech set = read_denoise_data(folder.path(), 16000, 1);
    BOOST_REQUIRE(set.rooms.size() == 1u);
    BOOST_TEST(set.rooms[0].size() == 1500u);
    BOOST_TEST(set.rooms[0][0] == 0.894f, boost::test_tools::tolerance(0.01f));
    BOOST_TEST(set.rooms[0][800] == -0.447f, boost::test_tools::tolerance(0.01f));
    BOOST_TEST((mixture()[0].clean != dry[0].clean));

    folder.wav("rooms/silent.wav", std::vector<float>(800));
    check_data_error([&] { read_denoise_data(folder.path(), 16000, 1); }, {"silent.wav", "room response is silent"});
}

BOOST_AUTO_TEST_CASE(ms_snsd_and_dns_are_found) {
    const TemporaryFolder snsd;
    for (const char* name : {"clean_train", "noise_train", "clean_test", "noise_test"})
        std::filesystem::create_directory(snsd / name);
    BOOST_TEST(find_denoise_layout(snsd.path()).name == "MS-SNSD");
    BOOST_TEST(find_denoise_layout(snsd.path()).test_noise == snsd / "noise_test");
    const TemporaryFolder dns;
    for (const char* name : {"datasets/clean_fullband", "datasets/noise_fullband"})
        std::filesystem::create_directories(dns / name);
    BOOST_TEST(find_denoise_layout(dns.path()).speech == dns / "datasets/clean_fullband");
    BOOST_TEST(find_denoise_layout(dns.path()).test_speech.empty());
}

BOOST_AUTO_TEST_CASE(voicebank_pairs_give_noise_and_keep_the_published_test_set) {
    const TemporaryFolder folder;
    make_pairs(folder, "clean_trainset_28spk_wav", "noisy_trainset_28spk_wav", {"p226", "p227", "p228"});
    make_pairs(folder, "clean_testset_wav", "noisy_testset_wav", {"p232", "p257"});
    BOOST_TEST(find_denoise_layout(folder.path()).pairs);
    const NoisySpeech set = read_denoise_data(folder.path(), 16000, 1);
    BOOST_TEST(set.speech.size() == 10u);
    auto speakers = groups_of(set.speech), noises = groups_of(set.noise);
    BOOST_TEST((speakers[Split::test] == std::set<std::string>{"test p232", "test p257"}));
    BOOST_TEST((speakers[Split::train].size() == 2u));
    BOOST_TEST((speakers[Split::validation].size() == 1u));
    BOOST_TEST((speakers == noises));
    const std::vector<float> tone = sine(1000, 0.3, 16000, 0.1);
    const auto found = set.noise[0].audio.samples.part(0, tone.size());
    const std::span<const float> noise = found;
    BOOST_REQUIRE(noise.size() == tone.size());
    for (std::size_t i = 0; i < tone.size(); ++i) BOOST_REQUIRE(std::abs(noise[i] - tone[i]) < 1e-6f);
    BOOST_TEST(fixed_mixture(set, Split::test, 0, {0}, 1.0).clean.size() == 16000u);
}

BOOST_AUTO_TEST_CASE(pairs_that_disagree_are_refused) {
    const TemporaryFolder folder;
    make_pairs(folder, "clean", "noisy", {"a", "b", "c"});
    folder.wav("noisy/c_0.wav", sine(300, 0.2));
    check_data_error([&] { read_denoise_data(folder.path(), 16000, 1); },
                     {"noisy/c_0.wav", "3200 samples", "4800", "must be equal"});
    std::filesystem::remove(folder / "clean/c_0.wav");
    check_data_error([&] { read_denoise_data(folder.path(), 16000, 1); },
                     {"noisy/c_0.wav", "the clean file of the same name is missing"});
}

BOOST_AUTO_TEST_CASE(what_was_looked_for_and_found_is_listed) {
    const TemporaryFolder folder;
    check_data_error([&] { find_denoise_layout(folder.path()); },
                     {"speech/ + noise/", "VoiceBank-DEMAND", "no sub-folders"});
    std::filesystem::create_directory(folder / "music");
    std::filesystem::create_directory(folder / "speech");
    check_data_error([&] { find_denoise_layout(folder.path()); }, {"Found music/, speech/"});
    check_data_error([&] { find_denoise_layout(folder / "absent"); }, {"absent", "does not exist"});
}

BOOST_AUTO_TEST_CASE(speakers_are_found_in_published_trees) {
    const TemporaryFolder folder;
    for (const char* name :
         {"clean/read_speech/book_1_chp_2_reader_06709_0_seg_1.wav", "clean/read_speech/book_9_reader_00012_3.wav",
          "clean/vctk/p225/p225_001_mic1.wav", "clean/84/121123/84-121123-0000.wav"})
        folder.wav(name, sine(200, 0.3));
    for (const char* name : {"noise/a.wav", "noise/b.wav", "noise/c.wav"}) folder.wav(name, sine(100, 0.3));
    std::set<std::string> speakers;
    for (const Recording& recording : read_denoise_data(folder.path(), 16000, 1).speech)
        speakers.insert(recording.group);
    BOOST_TEST((speakers == std::set<std::string>{"reader_06709", "reader_00012", "p225", "84"}));
}

BOOST_AUTO_TEST_CASE(collections_beyond_memory_are_read_in_part) {
    const TemporaryFolder folder;
    for (int i = 0; i < 12; ++i) {
        folder.wav("speech/s" + std::to_string(i) + "/0.wav", sine(200, 0.5));
        folder.wav("noise/" + std::to_string(i) + ".wav", sine(100, 0.5));
    }
    const NoisySpeech set = read_noisy_speech(folder / "speech", folder / "noise", 16000, 1, 6 * 8000);
    BOOST_TEST(set.speech.size() == 6u);
    BOOST_TEST(set.noise.size() == 6u);
    BOOST_TEST(set.left_out.at(0).find("6 of 12 speech files") != std::string::npos, set.left_out[0]);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gruve
