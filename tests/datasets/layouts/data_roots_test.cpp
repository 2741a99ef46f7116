// Several roots: each is dealt on its own, then all are joined.
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

#include "datasets/layouts/denoise_layouts.h"
#include "datasets/layouts/word_folder.h"
#include "tests/datasets/temporary_folder.h"

namespace gruve {
namespace {

using test::check_data_error;
using test::sine;
using test::TemporaryFolder;

void make_speech(const TemporaryFolder& folder, const std::string& root, int speakers) {
    for (int s = 0; s < speakers; ++s)
        folder.wav(root + "/speech/s" + std::to_string(s) + "/a.wav", sine(200 + 10 * s, 0.2));
}

void make_noise(const TemporaryFolder& folder, const std::string& root, int count) {
    for (int n = 0; n < count; ++n)
        folder.wav(root + "/noise/n" + std::to_string(n) + ".wav", sine(1000 + 10 * n, 0.2));
}

DataOptions options_of(const TemporaryFolder& folder, const std::vector<std::string>& roots, bool same = false) {
    DataOptions data;
    for (const std::string& root : roots) data.roots.push_back(folder / root);
    data.same_speakers = same;
    return data;
}

std::map<std::filesystem::path, Split> splits_of(const std::vector<Recording>& recordings) {
    std::map<std::filesystem::path, Split> splits;
    for (const Recording& recording : recordings) splits[recording.path] = recording.split;
    return splits;
}

void check_kept(const std::map<std::filesystem::path, Split>& alone,
                const std::map<std::filesystem::path, Split>& joined) {
    for (const auto& [path, split] : alone) BOOST_TEST((joined.at(path) == split), path.string());
}

BOOST_AUTO_TEST_SUITE(data_roots)

BOOST_AUTO_TEST_CASE(a_further_root_moves_no_recording_to_another_split) {
    const TemporaryFolder folder;
    for (const char* root : {"a", "b"}) {
        make_speech(folder, root, 8);
        make_noise(folder, root, 8);
    }
    const NoisySpeech a = read_denoise_data(folder / "a", 16000, 1), b = read_denoise_data(folder / "b", 16000, 1);
    const NoisySpeech both = read_denoise_data(options_of(folder, {"a", "b"}), 16000, 1);
    BOOST_TEST(both.speech.size() == 16u);
    check_kept(splits_of(a.speech), splits_of(both.speech));
    check_kept(splits_of(b.speech), splits_of(both.speech));
    check_kept(splits_of(a.noise), splits_of(both.noise));
    std::set<std::string> speakers;
    for (const Recording& recording : both.speech) speakers.insert(recording.group);
    BOOST_TEST(speakers.size() == 16u);
    BOOST_TEST(speakers.contains("s0"));
    BOOST_TEST(speakers.contains("root 2: s0"));
    BOOST_TEST(std::is_sorted(both.speech.begin(), both.speech.end(),
                              [](const Recording& x, const Recording& y) { return x.group < y.group; }));
}

BOOST_AUTO_TEST_CASE(same_speakers_of_two_roots_share_a_split) {
    const TemporaryFolder folder;
    for (const char* root : {"a", "b"}) make_speech(folder, root, 2);
    make_speech(folder, "b", 6);
    make_noise(folder, "a", 3);
    const NoisySpeech set = read_denoise_data(options_of(folder, {"a", "b"}, true), 16000, 1);
    std::map<std::string, std::set<Split>> splits;
    for (const Recording& recording : set.speech) splits[recording.group].insert(recording.split);
    BOOST_TEST(splits.size() == 6u);
    BOOST_TEST(set.speech.size() == 8u);
    for (const auto& [speaker, in] : splits) BOOST_TEST(in.size() == 1u, speaker);
}

BOOST_AUTO_TEST_CASE(a_root_may_hold_one_part_of_a_set) {
    const TemporaryFolder folder;
    make_speech(folder, "speech_only", 3);
    make_noise(folder, "noise_only", 3);
    std::vector<float> response(800);
    response[0] = 1;
    folder.wav("rooms_only/rooms/hall.wav", response);
    folder.wav("other/music/a.wav", response);
    const NoisySpeech set =
        read_denoise_data(options_of(folder, {"speech_only", "noise_only", "rooms_only", "other"}), 16000, 1);
    BOOST_TEST(set.speech.size() == 3u);
    BOOST_TEST(set.noise.size() == 3u);
    BOOST_TEST(set.rooms.size() == 1u);
    BOOST_REQUIRE(set.left_out.size() == 1u);
    BOOST_TEST(set.left_out[0].find("no speech, noise or rooms; found music/") != std::string::npos, set.left_out[0]);
    check_data_error(
        [&] {
            read_denoise_data(options_of(folder, {"speech_only", "rooms_only"}), 16000, 1);
        },
        {"no noise in any root"});
    check_data_error(
        [&] {
            read_denoise_data(options_of(folder, {"speech_only", "absent"}), 16000, 1);
        },
        {"absent", "does not exist"});
    check_data_error([&] { read_denoise_data(folder / "speech_only", 16000, 1); }, {"no folders of speech and noise"});
}

BOOST_AUTO_TEST_CASE(too_few_speakers_in_every_root_need_to_be_dealt_as_one) {
    const TemporaryFolder folder;
    for (const char* root : {"a", "b"}) folder.wav(std::string(root) + "/speech/" + root + "/x.wav", sine(200, 0.2));
    folder.wav("c/speech/c/x.wav", sine(200, 0.2));
    make_noise(folder, "a", 3);
    check_data_error(
        [&] {
            read_denoise_data(options_of(folder, {"a", "b", "c"}), 16000, 1);
        },
        {"no speech for the validation split", "--same-speakers"});
    BOOST_TEST(read_denoise_data(options_of(folder, {"a", "b", "c"}, true), 16000, 1).speech.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_published_test_speaker_is_in_no_other_split_of_same_speakers) {
    const TemporaryFolder folder;
    for (const char* speaker : {"p1", "p2", "p3", "p9"})
        folder.wav("vctk/speech/" + std::string(speaker) + "/a.wav", sine(200, 0.2));
    for (const char* speaker : {"p4", "p5", "p6"})
        folder.wav("bank/clean_train/" + std::string(speaker) + "/a.wav", sine(200, 0.2));
    folder.wav("bank/clean_test/p9/b.wav", sine(200, 0.2));
    for (const char* part : {"train", "test"})
        for (const char* name : {"n1", "n2", "n3"})
            folder.wav("bank/noise_" + std::string(part) + "/" + name + ".wav", sine(900, 0.2));
    for (const Recording& recording : read_denoise_data(options_of(folder, {"vctk", "bank"}, true), 16000, 1).speech)
        BOOST_TEST((recording.split == Split::test) == (recording.group == "p9" || recording.group == "test p9"),
                   recording.path.string());
}

void make_words(const TemporaryFolder& folder, const std::string& root, const std::vector<std::string>& words,
                int speakers) {
    for (const std::string& word : words)
        for (int s = 0; s < speakers; ++s) folder.file(root + "/" + word + "/s" + std::to_string(s) + "_0.wav", "");
}

BOOST_AUTO_TEST_CASE(words_of_several_roots_are_joined_and_keep_their_splits) {
    const TemporaryFolder folder;
    make_words(folder, "a", {"no", "yes"}, 6);
    make_words(folder, "b", {"stop", "yes"}, 6);
    const WordFolder a = read_word_folder(folder / "a", {}), b = read_word_folder(folder / "b", {});
    const WordFolder both = read_word_folders({{folder / "a", {}}, {folder / "b", {}}});
    BOOST_TEST((both.labels == std::vector<std::string>{"no", "stop", "yes"}));
    std::map<std::filesystem::path, Split> splits;
    std::set<std::string> speakers;
    for (const WordClip& clip : both.clips) {
        splits[clip.path] = clip.split;
        speakers.insert(clip.speaker);
        BOOST_TEST(both.labels[static_cast<std::size_t>(clip.label)] == clip.path.parent_path().filename().string());
    }
    BOOST_TEST(splits.size() == 24u);
    BOOST_TEST(speakers.size() == 12u);
    for (const WordFolder* alone : {&a, &b})
        for (const WordClip& clip : alone->clips) BOOST_TEST((splits.at(clip.path) == clip.split), clip.path.string());

    std::map<std::string, std::set<Split>> of_speaker;
    for (const WordClip& clip : read_word_folders({{folder / "a", {}}, {folder / "b", {}}}, true).clips)
        of_speaker[clip.speaker].insert(clip.split);
    BOOST_TEST(of_speaker.size() == 6u);
    for (const auto& [speaker, in] : of_speaker) BOOST_TEST(in.size() == 1u, speaker);
}

BOOST_AUTO_TEST_CASE(a_root_without_words_adds_noise_and_negatives) {
    const TemporaryFolder folder;
    make_words(folder, "a", {"no", "yes"}, 6);
    folder.file("b/noise/n.wav", "");
    folder.file("b/negatives/speech/x/y.wav", "");
    WordRoot second;
    second.options.noise = folder / "b/noise";
    second.options.negatives = folder / "b/negatives";
    const WordFolder words = read_word_folders({{folder / "a", {}}, second});
    BOOST_TEST(words.clips.size() == 12u);
    BOOST_TEST(words.background.size() == 1u);
    BOOST_TEST(words.more_speech.size() == 1u);
    check_data_error([&] { read_word_folders({second, second}); }, {"none of the roots has a folder of words"});
    WordFolderOptions options;
    options.words = {"maybe"};
    check_data_error(
        [&] {
            read_word_folders({{folder / "a", options}, {folder / "a", options}});
        },
        {"no audio for the word \"maybe\"", "other roots"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gruve
