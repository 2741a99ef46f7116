// Outputs that cannot be written are refused before the work, and two processes never write one file.
#include <boost/test/unit_test.hpp>

#include "offline_search/files/file_lock.h"
#include "offline_search/files/output_path.h"
#include "tests/datasets/temporary_folder.h"

namespace gruve {
namespace {

using test::check_data_error;
using test::TemporaryFolder;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(outputs)

BOOST_AUTO_TEST_CASE(a_file_needs_a_folder_that_is_there) {
    const TemporaryFolder folder;
    folder.file("old.gruve", "x");
    require_writable_file(folder / "new.gruve");
    require_writable_file(folder / "old.gruve");
    check_data_error([&] { require_writable_file(folder / "no/dir/m.gruve"); },
                     {"no/dir/m.gruve: cannot be written: the folder ", "no/dir does not exist"});
    check_data_error([&] { require_writable_file(folder / "old.gruve/m.gruve"); }, {"old.gruve is not a folder"});
    check_data_error([&] { require_writable_file(folder.path()); }, {"is a folder"});
    check_data_error([&] { require_writable_file("/dev/null"); }, {"/dev/null: cannot be written: is a device"});
    check_data_error([&] { require_writable_file("/proc/m.gruve"); }, {"/proc/m.gruve: cannot be written"});
    BOOST_TEST(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
}

BOOST_AUTO_TEST_CASE(a_folder_of_results_may_be_new) {
    const TemporaryFolder folder;
    folder.file("file", "x");
    require_writable_folder(folder.path());
    require_writable_folder(folder / "a/b/c/");
    check_data_error([&] { require_writable_folder(folder / "file"); }, {"file is not a folder"});
    check_data_error([&] { require_writable_folder(folder / "file/a"); }, {"file is not a folder"});
    BOOST_TEST(!fs::exists(folder / "a"));
}

BOOST_AUTO_TEST_CASE(a_locked_file_is_refused_until_the_lock_ends) {
    const TemporaryFolder folder;
    {
        const FileLock lock(folder / "m.gruve");
        check_data_error([&] { FileLock{folder / "m.gruve"}; }, {"m.gruve: another process is writing this file"});
        const FileLock other(folder / "n.gruve");
    }
    BOOST_TEST(fs::is_empty(folder.path()));
    folder.file("m.gruve.lock", "");  // of a process that was killed
    const FileLock lock(folder / "m.gruve");
    check_data_error([&] { FileLock{folder / "no/m.gruve"}; }, {"no/m.gruve.lock: cannot be made"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gruve
