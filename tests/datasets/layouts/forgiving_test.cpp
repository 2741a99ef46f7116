// Files as people have them: odd endings, bad files, files that aren't audio, speakers named by a table.
#include <boost/test/unit_test.hpp>
#include <set>

#include "datasets/audio/audio_folder.h"
#include "datasets/layouts/denoise_layouts.h"
#include "datasets/layouts/word_folder.h"
#include "tests/datasets/temporary_folder.h"

namespace gruve {
namespace {

using test::check_data_error;
using test::sine;
using test::TemporaryFolder;

/// Three speakers with one clip each, and three noises.
void make_set(const TemporaryFolder& folder) {
    for (const std::string name : {"0", "1", "2"}) {
        folder.wav("speech/s" + name + "/a.wav", sine(200, 0.2));
        folder.wav("noise/n" + name + ".wav", sine(900, 0.2));
    }
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

BOOST_AUTO_TEST_SUITE(forgiving_readers)

BOOST_AUTO_TEST_CASE(files_are_read_by_content_whatever_the_ending) {
    const TemporaryFolder folder;
    make_set(folder);
    for (const char* ending : {".aifc", ".dat", ".WAVE", ""})
        std::filesystem::rename(folder.wav("x.wav", sine(300, 0.2)), folder / ("speech/s0/b" + std::string(ending)));
    folder.file("speech/s0/take.json", "{}");
    folder.file("speech/license", "free");
    folder.file("speech/s0/._a.wav", "");
    const NoisySpeech set = read_denoise_data(folder.path(), 16000, 1);
    BOOST_TEST(set.speech.size() == 7u);
    BOOST_REQUIRE(set.left_out.size() == 1u);
    BOOST_TEST(contains(set.left_out[0], "speech: 2 files that are not audio (license, s0/take.json)"),
               set.left_out[0]);
}

BOOST_AUTO_TEST_CASE(other_formats_are_told_by_their_first_bytes) {
    const TemporaryFolder folder;
    for (const std::string& bytes :
         {std::string("FORM\0\0\1\0AIFCFVER", 16), std::string("fLaC\0\0\0\x22"), std::string("OggS\0\2\0\0"),
          std::string("RF64\xff\xff\xff\xff"
                      "WAVEds64"),
          std::string("NIST_1A\n   1024\n"), std::string(".snd\0\0\0\x18")})
        BOOST_TEST(is_audio_file(folder.file("file.xyz", bytes)), bytes);
    for (const std::string& bytes : {std::string("RIFF\0\0\0\0AVI LIST", 16), std::string("\xff\xfe\x41\0\x42\0", 6),
                                     std::string("path\tspeaker\n"), std::string()})
        BOOST_TEST(!is_audio_file(folder.file("file.xyz", bytes)), bytes);
}

BOOST_AUTO_TEST_CASE(all_bad_files_are_named_in_one_message_or_skipped) {
    const TemporaryFolder folder;
    make_set(folder);
    folder.file("speech/s0/empty.wav", "");
    folder.file("speech/s1/text.wav", "no audio at all");
    folder.file("noise/broken.flac", "fLaC");
    folder.wav("rooms/silent.wav", std::vector<float>(800));
    check_data_error([&] { read_denoise_data(folder.path(), 16000, 1); },
                     {"4 files cannot be used", "--skip-bad", "s0/empty.wav: the file is empty", "s1/text.wav",
                      "noise/broken.flac", "rooms/silent.wav: the room response is silent"});
    DataOptions data(folder.path());
    data.skip_bad = true;
    const NoisySpeech set = read_denoise_data(data, 16000, 1);
    BOOST_TEST(set.speech.size() == 3u);
    BOOST_TEST(set.noise.size() == 3u);
    BOOST_TEST(set.rooms.empty());
    BOOST_REQUIRE(set.left_out.size() == 5u);
    BOOST_TEST(set.left_out[0] == "4 bad files, skipped:");
    for (const char* name : {"s0", "s1", "s2"})
        std::filesystem::remove(folder / ("speech/" + std::string(name) + "/a.wav"));
    check_data_error([&] { read_denoise_data(data, 16000, 1); }, {"no usable speech", "bad"});
}

constexpr const char* table =
    "client_id\tpath\tsentence\n"
    "anna\tcommon_voice_en_1.mp3\tone\nanna\tcommon_voice_en_2.mp3\ttwo\n"
    "ben\tcommon_voice_en_3.mp3\tone\ncarl\tcommon_voice_en_4.mp3\ttwo\n";

BOOST_AUTO_TEST_CASE(common_voice_speakers_come_from_the_table) {
    const TemporaryFolder folder;
    for (const std::string n : {"1", "2", "3", "4"}) {
        folder.wav("speech/clips/common_voice_en_" + n + ".wav", sine(200, 0.2));
        folder.wav("noise/n" + n + ".wav", sine(900, 0.2));
    }
    // In a sub-folder, speakers would be the folders; flat, they would be "common".
    check_data_error([&] { read_denoise_data(folder.path(), 16000, 1); },
                     {"one speaker only", "common_voice_", "validated.tsv"});
    folder.file("speech/validated.tsv", table);
    std::set<std::string> speakers;
    for (const Recording& recording : read_denoise_data(folder.path(), 16000, 1).speech)
        speakers.insert(recording.group);
    BOOST_TEST((speakers == std::set<std::string>{"anna", "ben", "carl"}));
    folder.file("speech/validated.tsv", "client_id\tpath\nanna\tx.mp3\nben\n");
    check_data_error([&] { read_denoise_data(folder.path(), 16000, 1); }, {"validated.tsv: line 3", "1 columns"});
}

BOOST_AUTO_TEST_CASE(common_voice_words_take_their_speakers_from_the_table) {
    const TemporaryFolder folder;
    std::string rows = "client_id\tpath\n";
    for (int n = 0; n < 12; ++n) {
        const std::string name = "common_voice_en_" + std::to_string(n);
        folder.file((n % 2 ? "one/" : "two/") + name + ".wav", "");
        rows += "speaker" + std::to_string(n / 2) + "\t" + name + ".mp3\n";
    }
    check_data_error([&] { read_word_folder(folder.path(), {}); }, {"one speaker only (common)", "validated.tsv"});
    folder.file("validated.tsv", rows);
    std::set<std::string> speakers;
    for (const WordClip& clip : read_word_folder(folder.path(), {}).clips) speakers.insert(clip.speaker);
    BOOST_TEST(speakers.size() == 6u);
    BOOST_TEST(speakers.contains("speaker5"));
}

BOOST_AUTO_TEST_CASE(what_is_not_audio_in_a_folder_of_words_is_counted) {
    const TemporaryFolder folder;
    for (const std::string word : {"no", "yes"})
        for (const std::string speaker : {"a", "b", "c"}) folder.file(word + "/" + speaker + "_0.wav", "");
    folder.file("no/list.txt", "");
    ReadLog log;
    read_word_folders({{folder.path(), {}}}, false, &log);
    BOOST_TEST(joined(log.lines()) == folder.path().string() + ": 1 file that is not audio (no/list.txt)\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gruve
