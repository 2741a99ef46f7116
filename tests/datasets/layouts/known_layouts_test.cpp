#include "datasets/layouts/known_layouts.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "datasets/layouts/denoise_layouts.h"
#include "tests/datasets/temporary_folder.h"

namespace gruve {
namespace {

using test::check_data_error;
using test::sine;
using test::TemporaryFolder;

BOOST_AUTO_TEST_SUITE(known_layouts)

BOOST_AUTO_TEST_CASE(sets_of_speech_are_recognised) {
    const TemporaryFolder folder;
    folder.file("libri/train-clean-100/19/198/19-198-0000.flac", "");
    BOOST_TEST(find_denoise_part(folder / "libri").name == "LibriSpeech");
    BOOST_TEST(find_denoise_part(folder / "libri").speech == folder / "libri");
    folder.file("vctk/wav48_silence_trimmed/p225/p225_001_mic1.flac", "");
    BOOST_TEST(find_denoise_part(folder / "vctk").name == "VCTK");
    BOOST_TEST(find_denoise_part(folder / "vctk").speech == folder / "vctk/wav48_silence_trimmed");
    folder.file("cv/en/clips/common_voice_en_1.mp3", "");
    folder.file("cv/en/validated.tsv", "client_id\tpath\n");
    BOOST_TEST(find_denoise_part(folder / "cv").name == "Common Voice");
    folder.file("tableless/clips/common_voice_en_1.mp3", "");
    BOOST_TEST(find_denoise_part(folder / "tableless").name == "Common Voice");
    BOOST_TEST(find_denoise_part(folder / "cv/en").speech == folder / "cv/en");
    folder.file("flat/anna_1.wav", "");
    BOOST_TEST(find_denoise_part(folder / "flat").speech == folder / "flat");
    folder.file("noise_kinds/rain/1.wav", "");
    BOOST_TEST(find_denoise_part(folder / "noise_kinds").noise == folder / "noise_kinds");
    folder.file("rir_small/1.wav", "");
    BOOST_TEST(find_denoise_part(folder / "rir_small").rooms == folder / "rir_small");
    folder.file("words/yes/anna_1.wav", "");
    BOOST_TEST(find_denoise_part(folder / "words").empty());
}

BOOST_AUTO_TEST_CASE(a_forced_layout_is_taken_or_refused) {
    const TemporaryFolder folder;
    folder.file("x/anna/1.wav", "");
    BOOST_TEST(find_denoise_part(folder / "x").empty());
    BOOST_TEST(find_denoise_part(folder / "x", "speech").speech == folder / "x");
    BOOST_TEST(find_denoise_part(folder / "x", "noise").noise == folder / "x");
    BOOST_TEST(find_denoise_part(folder / "x", "words").empty());
    check_data_error([&] { find_denoise_part(folder / "x", "vctk"); },
                     {"not in the layout vctk (wav48*/", "found anna/"});
    folder.file("x/speech/1.wav", "");
    folder.file("x/noise/1.wav", "");
    check_data_error([&] { find_denoise_layout(folder / "x", "ms-snsd"); }, {"not in the layout ms-snsd"});
    BOOST_TEST(find_denoise_layout(folder / "x", "gruve").speech == folder / "x/speech");
}

BOOST_AUTO_TEST_CASE(librispeech_speakers_lie_above_the_chapters_whatever_is_above_them) {
    const TemporaryFolder folder;
    for (const char* name : {"19/198/19-198-0000", "26/495/26-495-0000", "27/123349/27-123349-0000"})
        folder.wav("libri/train-clean-100/" + std::string(name) + ".wav", sine(200, 0.2));
    for (const char* name : {"noise/a.wav", "noise/b.wav", "noise/c.wav"}) folder.wav(name, sine(100, 0.2));
    check_data_error([&] { read_denoise_data(folder / "libri", 16000, 1); },
                     {"It has speech only (LibriSpeech)", "add a folder of noise by another --data"});
    DataOptions data;
    data.roots = {folder / "libri", folder / "noise"};
    const NoisySpeech set = read_denoise_data(data, 16000, 1);
    std::set<std::string> speakers;
    for (const Recording& recording : set.speech) speakers.insert(recording.group);
    BOOST_TEST((speakers == std::set<std::string>{"19", "26", "27"}));
    BOOST_TEST(set.noise.size() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gruve
