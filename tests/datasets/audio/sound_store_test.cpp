#include "datasets/audio/sound_store.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <cstring>

#include "datasets/layouts/denoise_layouts.h"
#include "tests/datasets/temporary_folder.h"

namespace gruve {
namespace {

namespace fs = std::filesystem;
using test::check_data_error;
using test::sine;
using test::TemporaryFolder;

/// XDG_CACHE_HOME is a folder of the test's own.
struct OwnCache {
    TemporaryFolder folder;
    OwnCache() { setenv("XDG_CACHE_HOME", folder.path().c_str(), 1); }
    ~OwnCache() { unsetenv("XDG_CACHE_HOME"); }
    std::vector<fs::path> files() const {
        std::vector<fs::path> found;
        if (fs::exists(folder / "gruve"))
            for (const auto& entry : fs::directory_iterator(folder / "gruve")) found.push_back(entry.path());
        return found;
    }
};

Decoded decode(std::size_t i) {
    Decoded decoded;
    if (i == 2) decoded.error = "two: bad";
    if (i == 3) decoded.defect = "silent";
    decoded.audio = {16000, sine(100.0 * static_cast<double>(i + 1), 0.1)};
    decoded.begin = i, decoded.end = 10 * i;
    return decoded;
}

std::vector<float> floats(const SharedSamples& samples) {
    const Excerpt all = samples.all();
    return {all.begin(), all.end()};
}

const std::vector<std::string> keys = {"a", "b", "c", "d", "e", "a"};

BOOST_FIXTURE_TEST_SUITE(sound_store, OwnCache)

BOOST_AUTO_TEST_CASE(disk_and_memory_keep_the_same) {
    const auto memory = keep_in_memory(5, decode, 2);
    const auto disk = keep_on_disk(keys, decode, {}, 2);
    for (std::size_t i = 0; i < 5; ++i) {
        BOOST_TEST((floats(memory[i].sound.samples) == floats(disk[i].sound.samples)));
        BOOST_TEST(memory[i].error == disk[i].error);
        BOOST_TEST(memory[i].defect == disk[i].defect);
        BOOST_TEST(disk[i].begin == i);
        BOOST_TEST(disk[i].end == 10 * i);
    }
    BOOST_TEST(disk[0].sound.rate_hz == 16000);
    BOOST_TEST(disk[2].sound.samples.empty());
    BOOST_TEST(disk[3].sound.samples.empty());
    const auto place = [&](std::size_t i) { return disk[i].sound.samples.all().span().data(); };
    BOOST_TEST(place(5) == place(0));  // one key, decoded once
}

BOOST_AUTO_TEST_CASE(samples_of_16_bits_take_half_the_space_and_keep_their_values) {
    constexpr std::size_t count = 65536;
    std::vector<float> steps(count);  // every value of 16 bits
    for (std::size_t i = 0; i < count; ++i) steps[i] = static_cast<float>(static_cast<int>(i) - 32768) / 32768.0f;
    // In each of these one value has no place among them: too fine, too large, and the other zero.
    std::vector<std::vector<float>> recordings(5, steps);
    recordings[1][5000] = 0x1p-16f;
    recordings[2][65535] = 1.0f;
    recordings[3][32768] = -0.0f;
    recordings[4].resize(count - 1);  // an odd number, before the next recording
    recordings.push_back(recordings[1]);
    const auto disk = keep_on_disk(
        {"0", "1", "2", "3", "4", "5"},
        [&](std::size_t i) {
            return Decoded{{16000, recordings[i]}, "", "", 0, 0};
        },
        {}, 2);
    for (std::size_t i = 0; i < recordings.size(); ++i) {
        const std::vector<float> kept = floats(disk[i].sound.samples);
        BOOST_TEST(std::memcmp(kept.data(), recordings[i].data(), kept.size() * sizeof(float)) == 0);
        BOOST_TEST(kept.size() == recordings[i].size());
        BOOST_TEST(disk[i].sound.samples.is_16_bit() == (i == 0 || i == 4));
    }
    BOOST_TEST(fs::file_size(files()[0]) < count * (2 * 2 + 4 * 4) + 1000);
    const Excerpt part = disk[0].sound.samples.part(32769, 32771);
    BOOST_TEST(part.size() == 2u);
    BOOST_TEST(part[1] == 2.0f / 32768.0f);
    BOOST_TEST(disk[0].sound.samples.part(count - 3, count + 9).size() == 3u);
    BOOST_TEST(disk[0].sound.samples.part(count + 1, count + 9).size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_second_call_decodes_nothing_unless_the_file_is_damaged) {
    std::atomic<int> decodings{0};
    const auto counted = [&](std::size_t i) {
        ++decodings;
        return decode(i);
    };
    const auto first = keep_on_disk(keys, counted, {}, 2);
    BOOST_TEST(decodings == 5);
    BOOST_TEST(files().size() == 1u);
    const auto second = keep_on_disk(keys, counted, {}, 2);
    BOOST_TEST(decodings == 5);
    BOOST_TEST((floats(second[4].sound.samples) == floats(first[4].sound.samples)));
    fs::resize_file(files()[0], fs::file_size(files()[0]) - 5);
    keep_on_disk(keys, counted, {}, 2);
    BOOST_TEST(decodings == 10);
}

BOOST_AUTO_TEST_CASE(the_cache_is_limited) {
    keep_on_disk(keys, decode, {}, 1);
    check_data_error([] { keep_on_disk({"x", "y"}, decode, {.memory = 1, .cache = 10000}, 1); }, {"--cache allows"});
    BOOST_TEST(files().size() == 1u);
    keep_on_disk({"x", "y"}, decode, {.memory = 1, .cache = 20000}, 1);  // the other file has to go
    BOOST_TEST(files().size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_unusable_cache_is_an_error) {
    setenv("XDG_CACHE_HOME", folder.file("file", "").c_str(), 1);
    check_data_error([] { keep_on_disk(keys, decode, {}, 1); }, {"cannot be written"});
}

BOOST_AUTO_TEST_CASE(a_set_on_disk_equals_the_set_in_memory) {
    const TemporaryFolder data;
    for (int i = 0; i < 4; ++i) {
        data.wav("speech/s" + std::to_string(i) + "/a.wav", sine(200 + 10 * i, 0.5, 8000), 8000);
        data.wav("noise/n" + std::to_string(i) + ".wav", sine(900 + 10 * i, 0.5));
    }
    data.wav("speech/s0/silent.wav", std::vector<float>(8000));
    DataOptions small(data.path());
    small.memory = 1000;
    const NoisySpeech a = read_denoise_data(data.path(), 16000, 1), b = read_denoise_data(small, 16000, 1);
    BOOST_TEST(files().size() == 2u);
    BOOST_TEST(a.left_out == b.left_out, boost::test_tools::per_element());
    for (const auto& [x, y] : {std::pair{&a.speech, &b.speech}, {&a.noise, &b.noise}}) {
        BOOST_REQUIRE(x->size() == y->size());
        for (std::size_t i = 0; i < x->size(); ++i) {
            BOOST_TEST((*x)[i].path == (*y)[i].path);
            BOOST_TEST((*x)[i].group == (*y)[i].group);
            BOOST_TEST(((*x)[i].split == (*y)[i].split));
            BOOST_TEST((floats((*x)[i].audio.samples) == floats((*y)[i].audio.samples)));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gruve
