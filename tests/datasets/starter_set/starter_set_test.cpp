#include "datasets/starter_set/starter_set.h"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <set>

#include "datasets/layouts/noisy_speech.h"
#include "datasets/layouts/word_folder.h"
#include "tests/datasets/temporary_folder.h"

namespace gruve {
namespace {

using test::check_data_error;
using test::TemporaryFolder;

bool quietly(const std::string&) { return true; }

bool installed() {
    if (std::system("command -v espeak-ng >/dev/null") == 0) return true;
    BOOST_TEST_MESSAGE("skipped: espeak-ng is not installed");
    return false;
}

std::map<std::string, std::string> contents_of(const std::filesystem::path& folder) {
    std::map<std::string, std::string> contents;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        std::ifstream in(entry.path(), std::ios::binary);
        contents[entry.path().lexically_relative(folder)] = {std::istreambuf_iterator<char>(in), {}};
    }
    return contents;
}

BOOST_AUTO_TEST_SUITE(starter_set)

BOOST_AUTO_TEST_CASE(a_missing_synthesiser_is_named) {
    const TemporaryFolder folder;
    const std::string path = std::getenv("PATH");
    setenv("PATH", folder.path().c_str(), 1);
    check_data_error([&] { make_starter_set(folder / "starter", quietly); },
                     {"espeak-ng is not installed", "apt install"});
    setenv("PATH", path.c_str(), 1);
}

BOOST_AUTO_TEST_CASE(a_folder_with_other_files_is_left_alone) {
    const TemporaryFolder folder;
    folder.file("my recording.wav", "precious");
    check_data_error([&] { make_starter_set(folder.path(), quietly); }, {"holds other files"});
    BOOST_TEST(contents_of(folder.path()).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_file_is_no_place_for_it) {
    const TemporaryFolder folder;
    const auto file = folder.file("notes.txt", "precious");
    check_data_error([&] { make_starter_set(file, quietly); }, {"notes.txt", "not a folder"});
    BOOST_TEST(contents_of(folder.path()).at("notes.txt") == "precious");
}

BOOST_AUTO_TEST_CASE(it_stops_when_asked_and_starts_again) {
    if (!installed()) return;
    const TemporaryFolder folder;
    const auto stop = [](const std::string&) { return false; };
    BOOST_TEST(!make_starter_set(folder / "starter", stop));
    BOOST_TEST(!std::filesystem::exists(folder / "starter/README.txt"));
    BOOST_TEST(!make_starter_set(folder / "starter", stop));  // ours, so not refused
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(slow_starter_set)

BOOST_AUTO_TEST_CASE(it_holds_words_speech_and_noise_for_every_split_and_repeats_exactly) {
    if (!installed()) return;
    const TemporaryFolder folder;
    BOOST_TEST(make_starter_set(folder / "a", quietly));
    BOOST_TEST(make_starter_set(folder / "b", quietly));
    const auto contents = contents_of(folder / "a");
    BOOST_TEST((contents == contents_of(folder / "b")));
    BOOST_TEST(contents.at("README.txt").find("SYNTHETIC") != std::string::npos);

    const auto written = std::filesystem::last_write_time(folder / "a/words/yes/us-f1_0.wav");
    BOOST_TEST(make_starter_set(folder / "a", quietly));
    BOOST_TEST((std::filesystem::last_write_time(folder / "a/words/yes/us-f1_0.wav") == written));

    WordFolderOptions options;
    options.other_speech = folder / "a/speech";
    const WordFolder words = read_word_folder(folder / "a/words", options);
    BOOST_TEST(words.labels.size() == 5u);
    std::set<std::pair<int, Split>> covered;
    std::set<std::string> speakers;
    for (const WordClip& clip : words.clips) {
        covered.insert({clip.label, clip.split});
        speakers.insert(clip.speaker);
    }
    BOOST_TEST(covered.size() == 15u);
    BOOST_TEST(speakers.size() >= 12u);
    const NoisySpeech set = read_noisy_speech(folder / "a/speech", folder / "a/noise", 16000, 1);
    BOOST_TEST(set.left_out.empty());
    BOOST_TEST(set.noise.size() >= 12u);
    for (const Recording& recording : set.noise) BOOST_TEST(recording.audio.seconds() == 10.0);
    for (const Recording& recording : set.speech) BOOST_TEST(recording.audio.seconds() > 1.0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gruve
