#include "datasets/layouts/word_folder.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

#include "datasets/audio/audio_folder.h"
#include "tests/datasets/temporary_folder.h"

namespace gruve {
namespace {

using test::check_data_error;
using test::TemporaryFolder;

/// Makes empty files: read_word_folder() looks at names and does not open audio files.
void touch_words(const TemporaryFolder& folder, const std::vector<std::string>& words, int speakers, int takes,
                 const std::string& separator = "_") {
    for (const std::string& word : words)
        for (int s = 0; s < speakers; ++s)
            for (int t = 0; t < takes; ++t)
                folder.file(word + "/speaker" + std::to_string(s) + separator + std::to_string(t) + ".wav", "");
}

std::set<std::string> speakers_of(const WordFolder& words) {
    std::set<std::string> speakers;
    for (const WordClip& clip : words.clips) speakers.insert(clip.speaker);
    return speakers;
}

BOOST_AUTO_TEST_SUITE(word_folder)

BOOST_AUTO_TEST_CASE(speech_commands_layout_is_read) {
    const TemporaryFolder folder;
    touch_words(folder, {"yes", "no"}, 4, 2, "_nohash_");
    folder.file("_background_noise_/kitchen.wav", "");
    folder.file("README.md", "not a word");
    const WordFolder words = read_word_folder(folder.path(), {});
    BOOST_TEST(words.labels == (std::vector<std::string>{"no", "yes"}), boost::test_tools::per_element());
    BOOST_TEST(words.clips.size() == 16u);
    BOOST_TEST(speakers_of(words).size() == 4u);
    BOOST_TEST(words.background.size() == 1u);
    BOOST_TEST(std::is_sorted(words.clips.begin(), words.clips.end(),
                              [](const WordClip& a, const WordClip& b) { return a.path < b.path; }));
    std::map<std::string, Split> split_of;
    for (const WordClip& clip : words.clips)
        BOOST_TEST((split_of.emplace(clip.speaker, clip.split).first->second == clip.split));
}

BOOST_AUTO_TEST_CASE(negatives_are_speech_and_noise_of_no_split) {
    const TemporaryFolder folder, negatives;
    touch_words(folder, {"yes", "no"}, 4, 2);
    WordFolderOptions options;
    options.negatives = negatives.path();
    check_data_error([&] { read_word_folder(folder.path(), options); },
                     {negatives.path().string(), "speech, noise or both"});
    negatives.file("noise/street.wav", "");
    BOOST_TEST(read_word_folder(folder.path(), options).more_noise.size() == 1u);
    negatives.file("speech/anna/1.wav", "");
    negatives.file("speech/ben/1.wav", "");
    const WordFolder words = read_word_folder(folder.path(), options);
    BOOST_TEST(words.more_speech.size() == 2u);
    BOOST_TEST(words.clips.size() == 16u);
    BOOST_TEST(words.labels.size() == 2u);
    std::filesystem::remove(negatives / "speech/ben/1.wav");
    std::filesystem::remove(negatives / "speech/anna/1.wav");
    check_data_error([&] { read_word_folder(folder.path(), options); }, {(negatives / "speech").string()});
}

BOOST_AUTO_TEST_CASE(list_files_decide_the_split) {
    const TemporaryFolder folder;
    touch_words(folder, {"yes", "no"}, 3, 2);
    folder.file("validation_list.txt", "yes/speaker0_0.wav\r\nno/speaker0_1.wav\n");
    folder.file("testing_list.txt", "yes/speaker1_0.wav\n");
    for (const WordClip& clip : read_word_folder(folder.path(), {}).clips) {
        const std::string name = clip.path.parent_path().filename() / clip.path.filename();
        const bool validation = name == "yes/speaker0_0.wav" || name == "no/speaker0_1.wav";
        const Split expected = name == "yes/speaker1_0.wav" ? Split::test
                               : validation                 ? Split::validation
                                                            : Split::train;
        BOOST_TEST((clip.split == expected), name);
    }
    std::filesystem::remove(folder / "testing_list.txt");
    check_data_error([&] { read_word_folder(folder.path(), {}); }, {"testing_list.txt", "missing"});
}

BOOST_AUTO_TEST_CASE(a_list_that_names_no_files_is_refused_with_its_line) {
    const TemporaryFolder folder;
    touch_words(folder, {"yes", "no"}, 3, 2);
    folder.file("validation_list.txt", "yes/speaker0_0.wav\n\nspeaker1_0.wav\n");
    folder.file("testing_list.txt", "yes/speaker1_0.wav\n");
    check_data_error([&] { read_word_folder(folder.path(), {}); },
                     {"validation_list.txt: line 3", "speaker1_0.wav", "expected <word>/<file>"});
}

BOOST_AUTO_TEST_CASE(linked_folders_are_read_once_also_where_links_make_a_circle) {
    const TemporaryFolder folder, elsewhere;
    folder.file("a/one.wav", "");
    elsewhere.file("two.wav", "");
    std::filesystem::create_directory_symlink(elsewhere.path(), folder / "linked");
    for (const char* name : {"b", "c", "a/d", "a/e"})
        std::filesystem::create_directory_symlink(folder.path(), folder / name);
    std::filesystem::create_symlink("nowhere", folder / "broken.wav");
    std::vector<std::string> names;
    for (const auto& file : audio_files(folder.path(), "any"))
        names.push_back(file.lexically_relative(folder.path()).generic_string());
    BOOST_TEST(names == (std::vector<std::string>{"a/one.wav", "linked/two.wav"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(other_speech_of_a_words_speaker_lies_in_the_speakers_split) {
    const TemporaryFolder folder;
    touch_words(folder, {"words/yes", "words/no"}, 20, 1);
    WordFolderOptions options;
    options.other_speech = folder / "speech";
    options.other_apart = true;
    for (const char* other : {"anna", "berta"}) folder.file("speech/" + std::string(other) + "/1.wav", "");
    const auto splits = [&] {
        std::map<std::string, std::set<Split>> of_speaker;
        for (const WordClip& clip : read_word_folder(folder / "words", options).clips)
            of_speaker[clip.speaker].insert(clip.split);
        return of_speaker;
    };
    const auto before = splits();
    for (int s = 0; s < 20; s += 3) {
        const std::string name = "speaker" + std::to_string(s);
        folder.file("speech/" + name + "/" + name + "_stop_0.wav", "");
    }
    auto after = splits();
    for (const char* other : {"anna", "berta"}) after[other] = before.at(other);  // may be dealt anew
    BOOST_TEST((after == before));
}

BOOST_AUTO_TEST_CASE(words_not_chosen_become_other_unless_there_is_other_speech) {
    const TemporaryFolder folder;
    touch_words(folder, {"words/yes", "words/no", "words/stop"}, 4, 1);
    touch_words(folder, {"speech/anna", "speech/ben", "speech/carl", "speech/dora"}, 1, 3);
    WordFolderOptions options;
    options.words = {"stop", "yes"};
    const WordFolder chosen = read_word_folder(folder / "words", options);
    BOOST_TEST(chosen.labels == (std::vector<std::string>{"other", "stop", "yes"}), boost::test_tools::per_element());
    for (const WordClip& clip : chosen.clips)
        BOOST_TEST(
            chosen.labels[static_cast<std::size_t>(clip.label)] ==
            (clip.path.parent_path().filename() == "no" ? "other" : clip.path.parent_path().filename().string()));

    options.unchosen_are_other = false;
    const WordFolder alone = read_word_folder(folder / "words", options);
    BOOST_TEST(alone.labels == (std::vector<std::string>{"stop", "yes"}), boost::test_tools::per_element());
    BOOST_TEST(alone.clips.size() == 8u);

    options.other_speech = folder / "speech";
    const WordFolder with_speech = read_word_folder(folder / "words", options);
    BOOST_TEST(with_speech.clips.size() == 8u + 12u);
    BOOST_TEST(speakers_of(with_speech).contains("anna"));
    for (const WordClip& clip : with_speech.clips) BOOST_TEST((clip.path.parent_path().filename() != "no"));
}

BOOST_AUTO_TEST_CASE(other_speech_in_one_folder_always_has_a_speaker) {
    const TemporaryFolder folder;
    touch_words(folder, {"words/yes"}, 3, 1);
    for (const char* name :
         {"speech/_1.wav", "speech/_ben_1.wav", "speech/ann_1.wav", "speech/ann_2.wav", "speech/carl.wav"})
        folder.file(name, "");
    WordFolderOptions options;
    options.other_speech = folder / "speech";
    const WordFolder words = read_word_folder(folder / "words", options);
    for (const char* speaker : {"_1", "_ben", "ann", "carl"}) BOOST_TEST(speakers_of(words).contains(speaker), speaker);
}

BOOST_AUTO_TEST_CASE(take_numbers_can_decide_the_split) {
    const TemporaryFolder folder;
    touch_words(folder, {"one", "two"}, 1, 20);
    folder.file("one/1_george_3.wav", "");
    folder.file("two/two_george_11.wav", "");
    WordFolderOptions options;
    options.split_by_take = true;
    const WordFolder words = read_word_folder(folder.path(), options);
    std::map<Split, int> counts;
    for (const WordClip& clip : words.clips) ++counts[clip.split];
    BOOST_TEST(counts[Split::test] == 11);
    BOOST_TEST(counts[Split::validation] == 10);
    BOOST_TEST(counts[Split::train] == 21);
    BOOST_TEST((speakers_of(words) == std::set<std::string>{"speaker0", "george"}));
    folder.file("one/george_last.wav", "");
    check_data_error([&] { read_word_folder(folder.path(), options); }, {"george_last.wav", "take number"});
}

BOOST_AUTO_TEST_CASE(a_folder_without_words_is_refused) {
    const TemporaryFolder folder;
    check_data_error([&] { read_word_folder(folder / "absent", {}); }, {"absent", "does not exist"});
    check_data_error([&] { read_word_folder(folder.path(), {}); }, {"no words", "<word>/<speaker>_<n>.wav"});
    folder.file("yes/notes.txt", "");
    check_data_error([&] { read_word_folder(folder.path(), {}); }, {"no words"});
    touch_words(folder, {"no"}, 3, 1);
    WordFolderOptions options;
    options.words = {"yes"};
    check_data_error([&] { read_word_folder(folder.path(), options); }, {"yes", "no audio for the word"});
    options.words = {"no", "no"};
    check_data_error([&] { read_word_folder(folder.path(), options); }, {"the word \"no\" is named twice"});
}

BOOST_AUTO_TEST_CASE(a_word_with_one_speaker_is_refused_by_name) {
    const TemporaryFolder folder;
    touch_words(folder, {"yes", "no"}, 4, 2);
    touch_words(folder, {"stop"}, 1, 5);
    check_data_error([&] { read_word_folder(folder.path(), {}); }, {"\"stop\"", "one speaker only (speaker0)"});
}

BOOST_AUTO_TEST_CASE(takes_of_the_only_voice_are_dealt_in_turn_if_one_voice_is_allowed) {
    const TemporaryFolder folder;
    touch_words(folder, {"lumos"}, 1, 10);
    WordFolderOptions options;
    check_data_error([&] { read_word_folder(folder.path(), options); }, {"one speaker only (speaker0)"});
    options.one_voice = true;
    const WordFolder mine = read_word_folder(folder.path(), options);
    BOOST_TEST(mine.by_take);
    std::map<Split, int> count;
    for (const WordClip& clip : mine.clips) ++count[clip.split];
    BOOST_TEST(count[Split::train] == 6);
    BOOST_TEST(count[Split::validation] == 2);
    BOOST_TEST(count[Split::test] == 2);
    // A word of several voices is still split by speaker, and a single voice beside it still refused.
    touch_words(folder, {"nox"}, 4, 2);
    check_data_error([&] { read_word_folder(folder.path(), options); }, {"\"lumos\"", "one speaker only"});
    touch_words(folder, {"lumos"}, 4, 2);
    BOOST_TEST(!read_word_folder(folder.path(), options).by_take);
}

BOOST_AUTO_TEST_CASE(two_speakers_leave_no_validation_split) {
    const TemporaryFolder folder;
    touch_words(folder, {"yes", "no"}, 2, 5);
    check_data_error([&] { read_word_folder(folder.path(), {}); },
                     {"validation split has no clips", "at least 3 speakers"});
}

BOOST_AUTO_TEST_CASE(a_name_without_speaker_is_refused) {
    const TemporaryFolder folder;
    touch_words(folder, {"yes", "no"}, 3, 1);
    folder.file("yes/recording12.wav", "");
    check_data_error([&] { read_word_folder(folder.path(), {}); }, {"recording12.wav", "<speaker>_<n>.wav"});
}

BOOST_AUTO_TEST_CASE(empty_noise_or_speech_folders_are_refused) {
    const TemporaryFolder folder;
    touch_words(folder, {"words/yes", "words/no"}, 3, 1);
    folder.file("empty/x.txt", "");
    WordFolderOptions options;
    options.noise = folder / "empty";
    check_data_error([&] { read_word_folder(folder / "words", options); }, {"empty", "noise"});
    options.noise = folder.file("noise.wav", "");
    check_data_error([&] { read_word_folder(folder / "words", options); }, {"noise.wav", "is not a folder"});
    options.noise.clear();
    options.other_speech = folder / "absent";
    check_data_error([&] { read_word_folder(folder / "words", options); },
                     {"absent", "other speech", "does not exist"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gruve
