#include "offline_search/task_table/task_table.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "datasets/support/data_error.h"
#include "offline_search/task_table/make_task.h"
#include "offline_search/task_table/word_task.h"
#include "tests/datasets/temporary_folder.h"

using namespace gruve;
using namespace gruve::test;

namespace {

template <typename Call>
std::string error_of(const Call& call) {
    try {
        call();
    } catch (const DataError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tasks)

BOOST_AUTO_TEST_CASE(every_task_has_a_name_of_its_own_and_says_what_it_is_for) {
    std::set<std::string_view> names;
    for (const TaskEntry& entry : task_table()) {
        BOOST_TEST_INFO_SCOPE(entry.name);
        BOOST_TEST(names.insert(entry.name).second);
        BOOST_TEST(!entry.purpose.empty());
        BOOST_TEST(!entry.purpose.ends_with('.'));
        BOOST_TEST(entry.live == entry.name.ends_with("_live"));
        BOOST_TEST(&task_named(entry.name) == &entry);
    }
}

BOOST_AUTO_TEST_CASE(every_task_refuses_a_folder_without_data) {
    const TemporaryFolder folder;
    for (const TaskEntry& entry : task_table()) {
        BOOST_TEST_INFO_SCOPE(entry.name);
        BOOST_CHECK_THROW(make_task(entry.name, folder / "", 1), DataError);
        BOOST_TEST(error_of([&] { make_task(entry.name, folder / "none", 1); }).find("no such") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_task_is_refused_with_the_names_of_all) {
    const std::string error = error_of([] { task_named("chess"); });
    BOOST_TEST(error.starts_with("unknown task \"chess\", expected one of: wake_words, wake_words_live, digits,"),
               error);
    for (const TaskEntry& entry : task_table()) BOOST_TEST(error.find(entry.name) != std::string::npos, error);
}

BOOST_AUTO_TEST_CASE(words_are_asked_of_tasks_about_words_only) {
    const std::string error = error_of([] { word_task_named("denoise"); });
    BOOST_TEST(error.starts_with("task \"denoise\" isn't about words, expected one of: wake_words,"), error);
    BOOST_TEST(error.find("row_mnist") == std::string::npos, error);
    BOOST_TEST(word_task_named("digits_by_take_live").word_list().split_by_take);
    BOOST_TEST(word_task_named("digits").word_list().words.size() == 10u);
}

BOOST_AUTO_TEST_CASE(words_lie_in_a_folder_of_their_own_or_in_data_itself) {
    const TemporaryFolder folder;
    const fs::path data = folder / "data";
    fs::create_directories(data / "noise");
    const WordRoot bare = word_root({}, data, 7);
    BOOST_TEST(bare.folder == data);
    BOOST_TEST(bare.options.noise == data / "noise");
    BOOST_TEST(bare.options.other_speech.empty());
    BOOST_TEST(bare.options.seed == 7u);
    fs::create_directories(data / "words");
    BOOST_TEST(word_root({}, data, 7).folder == data / "words");
    fs::create_directories(data / "keywords");
    BOOST_TEST(word_root({}, data, 7).folder == data / "keywords");
}

BOOST_AUTO_TEST_SUITE_END()
