#include "datasets/audio/audio_stream.h"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "datasets/audio/audio_file.h"
#include "tests/datasets/temporary_folder.h"

namespace gruve {
namespace {

using test::check_data_error;
using test::sine;
using test::TemporaryFolder;
namespace fs = std::filesystem;

std::string start_of(const fs::path& path, std::size_t bytes = 4) {
    std::ifstream in(path, std::ios::binary);
    std::string text(bytes, '\0');
    in.read(text.data(), static_cast<std::streamsize>(bytes));
    return text;
}

/// The interleaved samples of a file, read in pieces of `frames`.
std::vector<float> read_in_pieces(const fs::path& path, std::size_t frames) {
    AudioReader file(path);
    const auto width = static_cast<std::size_t>(file.channels());
    std::vector<float> all, piece(frames * width);
    while (const std::size_t read = file.read(piece))
        all.insert(all.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(read * width));
    return all;
}

BOOST_AUTO_TEST_SUITE(audio_stream)

BOOST_AUTO_TEST_CASE(pieces_of_any_size_join_to_the_whole) {
    const TemporaryFolder folder;
    const std::vector<std::vector<float>> channels = {sine(440, 0.1), sine(1000, 0.1), sine(3, 0.1)};
    write_wav(folder / "a.wav", channels, 16000);
    std::vector<float> interleaved;
    for (std::size_t i = 0; i < channels[0].size(); ++i)
        for (const auto& channel : channels) interleaved.push_back(channel[i]);
    for (const std::size_t frames : {1, 7, 1600, 5000})
        BOOST_TEST((read_in_pieces(folder / "a.wav", frames) == interleaved), frames);
    const AudioReader reader(folder / "a.wav");
    BOOST_TEST(reader.channels() == 3);
    BOOST_TEST(reader.rate_hz() == 16000);
    BOOST_TEST(reader.frames() == 1600);
}

BOOST_AUTO_TEST_CASE(the_mean_of_channels_is_that_of_the_whole_file) {
    const TemporaryFolder folder;
    write_wav(folder / "a.wav", {sine(440, 0.1), sine(1000, 0.1), sine(3, 0.1)}, 16000);
    AudioReader file(folder / "a.wav");
    std::vector<float> mean, piece(3 * 100);
    while (const std::size_t frames = file.read(piece)) {
        const auto part = mean_of_channels(std::span(piece).first(3 * frames), 3);
        mean.insert(mean.end(), part.begin(), part.end());
    }
    BOOST_TEST((mean == read_audio(folder / "a.wav").samples));
}

BOOST_AUTO_TEST_CASE(the_place_of_a_bad_sample_counts_from_the_beginning_of_the_file) {
    const TemporaryFolder folder;
    std::vector<float> samples = sine(440, 1.0);
    samples[1600] = std::numeric_limits<float>::quiet_NaN();
    write_wav(folder / "nan.wav", {sine(440, 1.0), samples}, 16000);
    check_data_error([&] { read_in_pieces(folder / "nan.wav", 100); },
                     {"nan.wav", "NaN", "sample 1600 (0.100 s)", "channel 2"});
    check_data_error([&] { read_in_pieces(folder.wav("none.wav", {}), 100); }, {"none.wav", "no samples"});
}

BOOST_AUTO_TEST_CASE(a_file_that_passes_4_gib_has_64_bit_sizes) {
    constexpr std::int64_t most = (std::int64_t{1} << 30) - 1024;  // samples of 4 bytes, less the header
    BOOST_TEST(!passes_wav(most, 1));
    BOOST_TEST(passes_wav(most + 1, 1));
    BOOST_TEST(!passes_wav(most / 2, 2));
    BOOST_TEST(passes_wav(most / 2 + 1, 2));

    const TemporaryFolder folder;
    const std::vector<float> samples = sine(440, 0.1);
    const auto write = [&](const char* name, std::int64_t expected_frames) {
        AudioWriter file(folder / name, 1, 16000, expected_frames);
        for (const float& sample : samples) file.write({&sample, 1});
        file.finish();
        BOOST_TEST((read_audio(folder / name).samples == samples), name);
        return start_of(folder / name);
    };
    BOOST_TEST(write("short.wav", most) == "RIFF");
    BOOST_TEST(write("long.wav", most + 1) == "RF64");
    BOOST_TEST(write("short.w64", 1) == "riff");
    BOOST_TEST(write("long.W64", most + 1) == "riff");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_finished_leaves_nothing) {
    const TemporaryFolder folder;
    folder.wav("kept.wav", sine(100, 0.1));
    const std::vector<float> before = read_audio(folder / "kept.wav").samples;
    {
        AudioWriter file(folder / "kept.wav", 1, 16000, 10);
        file.write(std::vector<float>(10));
    }
    BOOST_TEST((read_audio(folder / "kept.wav").samples == before));
    BOOST_TEST(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
    check_data_error([&] { AudioWriter(folder / "absent/a.wav", 1, 16000, 1); }, {"absent/a.wav", "No such file"});
    check_data_error([&] { AudioWriter(folder / "a.wav", 0, 16000, 1); }, {"a.wav", "0 channels"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gruve
