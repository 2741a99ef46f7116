#include "datasets/audio/audio_index.h"

#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "datasets/audio/audio_folder.h"
#include "tests/datasets/temporary_folder.h"

namespace gruve {
namespace {

using test::TemporaryFolder;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(audio_index)

BOOST_AUTO_TEST_CASE(headers_are_read_again_only_where_a_file_has_changed) {
    const TemporaryFolder folder, cache;
    setenv("XDG_CACHE_HOME", cache.path().c_str(), 1);
    folder.wav("many/0.wav", std::vector<float>(160));
    for (int i = 1; i < 300; ++i) fs::copy_file(folder / "many/0.wav", folder / ("many/" + std::to_string(i) + ".wav"));
    const auto headers = [&] { return headers_of(folder / "many", audio_files(folder / "many", "test"), 2); };
    const auto first = headers();
    BOOST_REQUIRE(first.size() == 300u);
    BOOST_TEST(first[7].rate_hz == 16000);
    BOOST_TEST(first[7].frames == 160);

    // Another content of the same size and time isn't noticed: the index answers.
    const fs::path file = folder / "many/0.wav";
    const auto time = fs::last_write_time(file);
    const auto bytes = fs::file_size(file);
    folder.file("many/0.wav", std::string(bytes, 'x'));
    fs::last_write_time(file, time);
    BOOST_TEST(headers()[0].error == "");
    fs::last_write_time(file, time + std::chrono::seconds(1));
    const auto changed = headers();
    BOOST_TEST(changed[0].error.find("0.wav: cannot be read as audio") != std::string::npos, changed[0].error);
    BOOST_TEST(changed[1].frames == 160);
    unsetenv("XDG_CACHE_HOME");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gruve
