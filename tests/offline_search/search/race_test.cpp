// A race finds what a search without one finds, to the byte, and hears less.
#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <map>

#include "offline_search/files/write_file.h"
#include "offline_search/network/safetensors.h"
#include "offline_search/search/json.h"
#include "offline_search/selection/job.h"
#include "offline_search/task_table/make_task.h"
#include "tests/offline_search/teacher_task.h"

using namespace gruve;
namespace fs = std::filesystem;

namespace {

/// Its race stops at the sequence whose error is the first above the limit.
struct RacingTeacher : TeacherTask {
    std::atomic<int> dropped = 0, raced = 0;
    bool learnt = false;

    bool races() const override { return true; }
    void learn_race(const std::vector<Score>& whole) override { learnt = !whole.empty(); }
    Score race(const Network& network, double limit) override {
        BOOST_REQUIRE(learnt);
        ++raced;
        const Score score = evaluate(network, Split::validation, 1);
        double error = 0;
        for (const Score::Part& part : score.parts) {
            error += part.error / score.n * (1 - 1e-9);
            if (error <= limit) continue;
            ++dropped;
            return {.error = error, .whole = false};
        }
        return score;
    }
};

struct Folder {
    fs::path path;
    explicit Folder(const std::string& name) : path(fs::temp_directory_path() / ("gruve_race_" + name)) {
        fs::remove_all(path);
    }
    ~Folder() { fs::remove_all(path); }
};

SearchJob job_in(const fs::path& out, bool race, int jobs, int generations) {
    SearchJob job;
    job.settings = {.seed = 3, .population = 16, .generations = generations, .nsga2 = {}, .race = race};
    job.jobs = jobs;
    job.calibration = 40;
    job.out = out;
    return job;
}

void run(
    Task& task, const FloatNetwork& network, const SearchJob& job, const std::function<bool()>& stop = {},
    const std::function<void(const SearchProgress&)>& progress = [](const SearchProgress&) {}) {
    run_search_job(
        task, {network}, job, progress, [](const std::string&) {}, stop);
}

/// The contents of search.json and of all presets.
std::map<std::string, std::string> found_in(const fs::path& folder) {
    std::map<std::string, std::string> files = {{"search.json", read_text(folder / "search.json")}};
    for (const auto& entry : fs::directory_iterator(folder / "presets"))
        files[entry.path().filename().string()] = read_text(entry.path());
    return files;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(race)

BOOST_AUTO_TEST_CASE(a_race_finds_the_same_files_for_any_number_of_threads) {
    RacingTeacher task;
    const Folder whole("whole"), one("one"), two("two");
    run(task, task.teacher(), job_in(whole.path, false, 2, 8));
    BOOST_CHECK_EQUAL(task.raced, 0);
    run(task, task.teacher(), job_in(one.path, true, 1, 8));
    BOOST_TEST_MESSAGE(task.dropped << " of " << task.raced << " genomes were dropped");
    BOOST_CHECK_GT(task.dropped, task.raced / 4);
    run(task, task.teacher(), job_in(two.path, true, 2, 8));
    BOOST_CHECK(found_in(whole.path) == found_in(one.path));
    BOOST_CHECK(found_in(whole.path) == found_in(two.path));
    BOOST_CHECK_EQUAL(read_text(one.path / "checkpoint.json"), read_text(two.path / "checkpoint.json"));
}

BOOST_AUTO_TEST_CASE(a_resumed_race_equals_an_unbroken_search) {
    RacingTeacher task, again;
    const Folder whole("unbroken"), broken("broken");
    run(task, task.teacher(), job_in(whole.path, false, 2, 8));
    std::atomic<bool> stop = false;
    run(
        task, task.teacher(), job_in(broken.path, true, 2, 8), [&] { return stop.load(); },
        [&](const SearchProgress& p) { stop = p.record.generation == 4; });
    const auto checkpoint = nlohmann::json::parse(read_text(broken.path / "checkpoint.json"));
    BOOST_CHECK(std::ranges::any_of(checkpoint["cache"], [](const auto& scored) { return scored.size() == 3; }));
    SearchJob rest = job_in(broken.path, true, 1, 8);
    rest.resume = true;
    run(again, again.teacher(), rest);
    BOOST_CHECK(found_in(whole.path) == found_in(broken.path));
}

BOOST_AUTO_TEST_CASE(other_seeds_and_populations_agree_too) {
    for (const auto& [seed, population] : {std::pair{1, 8}, {2, 24}, {4, 12}}) {
        RacingTeacher task;
        const Folder whole("whole_" + std::to_string(seed)), raced("raced_" + std::to_string(seed));
        for (const Folder* folder : {&whole, &raced}) {
            SearchJob job = job_in(folder->path, folder == &raced, 2, 6);
            job.settings.seed = static_cast<std::uint64_t>(seed);
            job.settings.population = population;
            run(task, task.teacher(), job);
        }
        BOOST_CHECK_MESSAGE(found_in(whole.path) == found_in(raced.path), "seed " << seed);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(slow_race)

BOOST_AUTO_TEST_CASE(wake_words_race_to_the_same_files) {
    const fs::path data = GRUVE_DATA;
    if (!fs::exists(data / "keywords")) {
        BOOST_TEST_MESSAGE("skipped: no recordings in " << data);
        return;
    }
    const FloatNetwork network = load_safetensors(fs::path(GRUVE_SOURCE_DIR) / "presets/models/wake_words.safetensors");
    const auto task = make_task("wake_words", data, 1);
    const Folder whole("words_whole"), raced("words_raced");
    run(*task, network, job_in(whole.path, false, 2, 2));
    run(*task, network, job_in(raced.path, true, 2, 2));
    BOOST_CHECK(found_in(whole.path) == found_in(raced.path));
}

BOOST_AUTO_TEST_SUITE_END()
