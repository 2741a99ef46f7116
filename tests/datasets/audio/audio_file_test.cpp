#include "datasets/audio/audio_file.h"

#include <sndfile.h>
#include <sys/resource.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <limits>

#include "datasets/audio/audio_folder.h"
#include "tests/datasets/temporary_folder.h"

namespace gruve {
namespace {

using test::check_data_error;
using test::sine;
using test::TemporaryFolder;
namespace fs = std::filesystem;

std::string bytes_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Simulates a full disk: during its lifetime, no file can grow beyond `bytes`.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &old_);
        const rlimit limit{bytes, old_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() {
        setrlimit(RLIMIT_FSIZE, &old_);
        std::signal(SIGXFSZ, old_handler_);
    }

private:
    rlimit old_{};
    void (*old_handler_)(int);
};

BOOST_AUTO_TEST_SUITE(audio_file)

BOOST_AUTO_TEST_CASE(what_is_written_comes_back_exactly) {
    const TemporaryFolder folder;
    for (const int rate : {8000, 22050, 48000, 192000}) {
        const std::vector<std::vector<float>> channels = {sine(440, 0.1, rate), sine(1000, 0.1, rate, 1.5),
                                                          sine(3, 0.1, rate)};
        write_wav(folder / "a.wav", channels, rate);
        int read_rate = 0;
        BOOST_TEST((read_channels(folder / "a.wav", read_rate) == channels));
        BOOST_TEST(read_rate == rate);
    }
}

BOOST_AUTO_TEST_CASE(equal_samples_give_equal_files) {
    const TemporaryFolder folder;
    folder.wav("a.wav", sine(440, 0.1));
    folder.wav("b.wav", sine(440, 0.1));
    BOOST_TEST(bytes_of(folder / "a.wav") == bytes_of(folder / "b.wav"));
}

BOOST_AUTO_TEST_CASE(channels_are_averaged) {
    const TemporaryFolder folder;
    write_wav(folder / "stereo.wav", {{1.0f, 0.5f, 0.0f}, {0.0f, 0.5f, -1.0f}}, 44100);
    const Audio audio = read_audio(folder / "stereo.wav");
    BOOST_TEST((audio.samples == std::vector<float>{0.5f, 0.5f, -0.5f}));
    BOOST_TEST(audio.rate_hz == 44100);
}

BOOST_AUTO_TEST_CASE(samples_that_are_not_numbers_are_refused_with_their_place) {
    const TemporaryFolder folder;
    std::vector<float> samples = sine(440, 1.0);
    samples[1600] = std::numeric_limits<float>::quiet_NaN();
    check_data_error([&] { read_audio(folder.wav("nan.wav", samples)); },
                     {"nan.wav", "NaN", "sample 1600 (0.100 s)", "channel 1"});
    samples[1600] = -std::numeric_limits<float>::infinity();
    write_wav(folder / "inf.wav", {sine(440, 1.0), samples}, 16000);
    int rate = 0;
    check_data_error([&] { read_channels(folder / "inf.wav", rate); },
                     {"inf.wav", "infinity", "sample 1600", "channel 2"});
}

BOOST_AUTO_TEST_CASE(rates_at_which_nobody_records_are_refused) {
    const TemporaryFolder folder;
    int rate = 0;
    for (const int wrong : {1, 99, 999, 768001, 999983}) {
        write_wav(folder / "odd.wav", {{0.5f, 0.25f}}, wrong);
        const std::string found = "rate " + std::to_string(wrong) + " Hz, allowed 1000..768000 Hz";
        check_data_error([&] { read_audio(folder / "odd.wav"); }, {"odd.wav", found});
        check_data_error([&] { read_channels(folder / "odd.wav", rate); }, {"odd.wav", found});
        check_data_error([&] { seconds_of(folder / "odd.wav"); }, {"odd.wav", found});
    }
    for (const int right : {1000, 768000}) {
        write_wav(folder / "odd.wav", {{0.5f, 0.25f}}, right);
        BOOST_TEST(read_audio(folder / "odd.wav").rate_hz == right);
    }
}

BOOST_AUTO_TEST_CASE(files_without_samples_are_refused_by_name) {
    const TemporaryFolder folder;
    check_data_error([&] { read_audio(folder.wav("none.wav", {})); }, {"none.wav", "no samples"});
    check_data_error([&] { read_audio(folder.file("zero.wav", "")); }, {"zero.wav", "empty (0 bytes)"});
}

BOOST_AUTO_TEST_CASE(unreadable_files_are_refused_by_name) {
    const TemporaryFolder folder;
    check_data_error([&] { read_audio(folder.file("text.wav", "this is not audio at all, only a text")); },
                     {"text.wav", "cannot be read"});
    check_data_error([&] { read_audio(folder / "absent.flac"); }, {"absent.flac", "no such file"});
    check_data_error([&] { read_audio(folder.path()); }, {"not a file"});
}

BOOST_AUTO_TEST_CASE(files_damaged_midway_are_refused_with_the_place) {
    const TemporaryFolder folder;
    const fs::path file = folder / "torn.flac";
    SF_INFO info{};
    info.samplerate = 16000, info.channels = 1, info.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
    SNDFILE* writer = sf_open(file.c_str(), SFM_WRITE, &info);
    BOOST_REQUIRE(writer != nullptr);
    const auto samples = sine(440, 5);
    sf_writef_float(writer, samples.data(), std::ssize(samples));
    sf_close(writer);
    BOOST_TEST(read_audio(file).samples.size() == 80000u);

    std::string bytes = bytes_of(file);
    bytes.replace(bytes.size() / 2, 300, 300, '\xff');
    std::ofstream(file, std::ios::binary) << bytes;
    check_data_error([&] { read_audio(file); }, {"torn.flac", "damaged after ", "expected 80000"});
    std::ofstream(file, std::ios::binary) << bytes.substr(0, bytes.size() / 2);
    check_data_error([&] { read_audio(file); }, {"torn.flac", "damaged after ", "expected 80000"});
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_an_error_and_leaves_nothing_half_written) {
    const TemporaryFolder folder;
    const fs::path path = folder.wav("kept.wav", sine(100, 0.1));
    const std::string before = bytes_of(path);
    for (const rlim_t limit : {20, 100, 10'000, 63'000}) {
        const FileSizeLimit full(limit);
        check_data_error([&] { write_wav(path, {sine(440, 1.0)}, 16000); }, {"kept.wav", "cannot be written"});
    }
    BOOST_TEST(bytes_of(path) == before);
    BOOST_TEST(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
}

BOOST_AUTO_TEST_CASE(writing_into_a_missing_folder_says_so) {
    const TemporaryFolder folder;
    check_data_error([&] { write_wav(folder / "absent/a.wav", {sine(440, 0.1)}, 16000); }, {"a.wav", "No such file"});
    check_data_error(
        [&] {
            write_wav(folder / "a.wav", {{0.0f}, {0.0f, 0.0f}}, 16000);
        },
        {"a.wav", "differ in length"});
    check_data_error([&] { write_wav(folder / "a.wav", {{0.0f}}, 0); }, {"a.wav", "above 0 Hz"});
}

BOOST_AUTO_TEST_CASE(many_files_are_read_in_order_and_the_first_bad_one_is_named) {
    const TemporaryFolder folder;
    for (int i = 0; i < 40; ++i) folder.wav(std::to_string(10 + i) + ".wav", std::vector<float>(10 + i, 0.25f), 16000);
    folder.file("ignored.txt", "x");
    folder.file("._10.wav", "a resource fork");
    const std::vector<fs::path> files = audio_files(folder.path(), "test");
    BOOST_REQUIRE(files.size() == 40u);
    const std::vector<Audio> clips = read_all(files, 0, 4);
    for (std::size_t i = 0; i < 40; ++i) BOOST_TEST(clips[i].samples.size() == 10 + i);
    BOOST_TEST(read_all(files, 8000, 4)[39].samples.size() == 25u);
    folder.file("20.wav", "");
    folder.file("35.wav", "");
    for (const int jobs : {1, 2, 8}) check_data_error([&] { read_all(files, 0, jobs); }, {"20.wav"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gruve
