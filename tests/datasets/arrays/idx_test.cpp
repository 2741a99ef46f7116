#include "datasets/arrays/idx.h"

#include <zlib.h>

#include <boost/test/unit_test.hpp>

#include "tests/datasets/temporary_folder.h"

namespace gruve {
namespace {

using test::check_data_error;
using test::TemporaryFolder;
using namespace std::string_literals;

const std::string two_by_three = "\0\0\x08\x02\0\0\0\x02\0\0\0\x03"s + "abcdef";

std::filesystem::path gzip(const TemporaryFolder& folder, const std::string& name, const std::string& bytes) {
    const gzFile file = gzopen((folder / name).c_str(), "wb");
    gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
    return folder / name;
}

BOOST_AUTO_TEST_SUITE(idx)

BOOST_AUTO_TEST_CASE(plain_and_gzipped_arrays_are_read) {
    const TemporaryFolder folder;
    for (const auto& path : {folder.file("plain", two_by_three), gzip(folder, "packed.gz", two_by_three)}) {
        const IdxArray array = read_idx(path);
        BOOST_TEST((array.shape == std::vector<int>{2, 3}));
        BOOST_TEST((array.values == std::vector<std::uint8_t>{'a', 'b', 'c', 'd', 'e', 'f'}));
    }
}

BOOST_AUTO_TEST_CASE(damaged_arrays_are_refused_with_what_was_expected) {
    const TemporaryFolder folder;
    check_data_error([&] { read_idx(folder / "absent"); }, {"absent", "no such"});
    check_data_error([&] { read_idx(folder.file("short", two_by_three.substr(0, 15))); },
                     {"short", "holds 3 values", "needs 6"});
    check_data_error([&] { read_idx(folder.file("long", two_by_three + "g")); },
                     {"long", "continues after the 6 values"});
    check_data_error([&] { read_idx(folder.file("header", "\0\0\x08"s)); }, {"ends before its first four bytes"});
    check_data_error([&] { read_idx(folder.file("shape", "\0\0\x08\x03\0\0\0\x02"s)); }, {"ends before its shape"});
    check_data_error([&] { read_idx(folder.file("text", "hello, this is no array")); }, {"not an idx file"});
    check_data_error([&] { read_idx(folder.file("float", "\0\0\x0d\x01\0\0\0\x01"s + "abcd")); }, {"element type 13"});
    check_data_error([&] { read_idx(folder.file("flat", "\0\0\x08\0"s)); }, {"0 dimensions, allowed 1..4"});
    check_data_error([&] { read_idx(folder.file("zero", "\0\0\x08\x01\0\0\0\0"s)); }, {"dimension 1 is 0"});
    check_data_error([&] { read_idx(folder.file("huge", "\0\0\x08\x02\xff\xff\xff\xff\0\0\0\x02"s)); }, {"2^31"});
    check_data_error([&] { read_idx(folder.file("claims", "\0\0\x08\x01\x7f\xff\xff\xff"s + "abc")); },
                     {"holds 3 values"});

    const auto whole = gzip(folder, "whole.gz", two_by_three + std::string(5000, 'x'));
    std::filesystem::resize_file(whole, std::filesystem::file_size(whole) - 6);
    check_data_error([&] { read_idx(whole); }, {"whole.gz"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gruve
