// A search that takes over the scan and the front of an earlier one.
#include "offline_search/selection/earlier_search.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <string>

#include "datasets/support/data_error.h"
#include "offline_search/files/write_file.h"
#include "offline_search/search/json.h"
#include "offline_search/selection/job.h"
#include "tests/offline_search/teacher_task.h"

using namespace gruve;
namespace fs = std::filesystem;

namespace {

struct Fixture {
    fs::path folder = fs::temp_directory_path() / "gruve_earlier_search";
    TeacherTask before, after{6};  // networks of one shape with other weights
    Fixture() {
        fs::remove_all(folder);
        earlier = run(before, job("before", 4));
    }
    ~Fixture() { fs::remove_all(folder); }

    SearchJob job(const std::string& name, int generations) const {
        SearchJob job;
        job.settings = {.seed = 3, .population = 12, .generations = generations, .nsga2 = {}};
        job.calibration = 40;
        job.out = folder / name;
        return job;
    }
    SearchJob job_after(const std::string& name, int generations) const {
        SearchJob made = job(name, generations);
        made.earlier = folder / "before/search.json";
        return made;
    }
    static SearchResult run(TeacherTask& task, const SearchJob& job) {
        return run_search_job(
            task, {task.teacher()}, job, [](const SearchProgress&) {}, [](const std::string&) {}, {});
    }
    /// Changes the earlier search's file.
    template <class Change>
    void damage(const Change& change) const {
        auto json = nlohmann::json::parse(read_text(folder / "before/search.json"));
        change(json);
        write_file(folder / "before/search.json", json.dump());
    }

    SearchResult earlier;
};

void check_refused(const std::function<void()>& run, const std::string& part) {
    BOOST_CHECK_EXCEPTION(run(), DataError, [&](const DataError& e) {
        BOOST_TEST_MESSAGE(e.what());
        return std::string(e.what()).find(part) != std::string::npos;
    });
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(earlier_search_, Fixture)

BOOST_AUTO_TEST_CASE(it_takes_fewer_genomes_and_finds_no_worse_front) {
    const SearchResult anew = run(after, job("anew", 0)), taken = run(after, job_after("taken", 0));
    BOOST_TEST(taken.history.front().evaluations * 2 < anew.history.front().evaluations);
    BOOST_TEST(taken.hypervolume_front > 0.97 * anew.hypervolume_front);
    BOOST_TEST((taken.sensitivity == earlier.sensitivity));
    BOOST_TEST(taken.command.find(" --earlier SEARCH") != std::string::npos);
    // Every point has the score that this network gives it.
    for (const Point& point : taken.archive)
        for (const Point& other : anew.archive)
            if (point.genes == other.genes) BOOST_TEST(point.objectives.error == other.objectives.error);
}

BOOST_AUTO_TEST_CASE(the_earlier_front_is_scored_even_without_generations) {
    const SearchResult again = run(before, job_after("again", 0));
    for (const Point& point : earlier.archive)
        BOOST_TEST(std::ranges::any_of(again.archive, [&](const Point& p) {
            return p.objectives.error <= point.objectives.error && p.objectives.bytes <= point.objectives.bytes;
        }));
}

BOOST_AUTO_TEST_CASE(a_resumed_one_equals_an_unbroken_one) {
    run(after, job_after("whole", 3));
    run(after, job_after("broken", 1));
    SearchJob rest = job_after("broken", 3);
    rest.resume = true;
    run(after, rest);
    BOOST_CHECK_EQUAL(read_text(folder / "whole/search.json"), read_text(folder / "broken/search.json"));
}

BOOST_AUTO_TEST_CASE(a_checkpoint_of_another_earlier_search_is_refused) {
    SearchJob rest = job_after("taken", 1);
    run(after, rest);
    rest.resume = true, rest.settings.generations = 2;
    SearchJob without = rest;
    without.earlier.clear();
    check_refused([&] { run(after, without); }, "scheme");
    damage([](auto& json) { json["archive"].erase(0); });
    check_refused([&] { run(after, rest); }, "scheme");
}

BOOST_AUTO_TEST_CASE(a_search_of_other_widths_is_refused) {
    SearchJob further = job_after("further", 0);
    further.scheme = GeneScheme::further;
    check_refused([&] { run(after, further); }, "search.json: searched 21 genes");
    const SearchJob paper = [&] {
        SearchJob made = job_after("paper", 0);
        made.scheme = GeneScheme::paper;
        return made;
    }();
    check_refused([&] { run(after, paper); }, "have 17");
}

BOOST_AUTO_TEST_CASE(a_damaged_one_is_refused) {
    damage([](auto& json) { json["sensitivity"].erase(3); });
    check_refused([&] { run(after, job_after("scan", 0)); }, "its scan or its front doesn't fit its genes");
    run(before, job("other", 0));
    damage([](auto& json) { json.erase("archive"); });
    check_refused([&] { run(after, job_after("front", 0)); }, "search.json");
}

BOOST_AUTO_TEST_SUITE_END()
