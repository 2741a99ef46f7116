// Fine-tuning in rounds, its weights in the checkpoint, and the fine-tuned twin that all presets are compared with.
#include "offline_search/selection/tuning_rounds.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "datasets/support/data_error.h"
#include "engine/preset/deserialise_preset.h"
#include "offline_search/files/write_file.h"
#include "offline_search/fine_tuning/tuned_text.h"
#include "offline_search/quantisation/genome.h"
#include "offline_search/selection/job.h"
#include "offline_search/selection/tuning.h"
#include "tests/offline_search/teacher_task.h"

using namespace gruve;
namespace fs = std::filesystem;

namespace {

struct Folder {
    fs::path path;
    explicit Folder(const std::string& name) : path(fs::temp_directory_path() / ("gruve_rounds_" + name)) {
        fs::remove_all(path);
    }
    ~Folder() { fs::remove_all(path); }
};

SearchJob job_in(const fs::path& out, int jobs = 1) {
    SearchJob job;
    job.settings = {.seed = 3, .population = 12, .generations = 1, .nsga2 = {}};
    job.jobs = jobs;
    job.calibration = 40;
    job.fine_tuning = FineTuning::rounds;
    job.fine_tuning_epochs = 2;
    job.out = out;
    return job;
}

struct Run {
    SearchResult result;
    int passes = 0;
};

/// Stops after `stop_after` passes; 0: never.
Run run(const SearchJob& job, int stop_after = 0) {
    TeacherTask task;
    Run made;
    const auto say = [&](const std::string& line) { made.passes += line.starts_with("fine-tuning, pass"); };
    const auto stop = [&] { return stop_after > 0 && made.passes >= stop_after; };
    made.result = run_search_job(
        task, {task.teacher()}, job, [](const SearchProgress&) {}, say, stop);
    return made;
}

std::map<std::string, std::string> files_of(const fs::path& folder) {
    std::map<std::string, std::string> files = {{"search.json", read_text(folder / "search.json")}};
    for (const auto& entry : fs::directory_iterator(folder / "presets"))
        files[entry.path().filename().string()] = read_text(entry.path());
    return files;
}

Point at(double error, double bytes, int gene = 0) { return {{gene}, {error, bytes, 0, 1 - error}}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(tuning_rounds)

BOOST_AUTO_TEST_CASE(rounds_give_the_same_files_for_one_and_two_threads) {
    const Folder one("one"), two("two");
    const Run made = run(job_in(one.path));
    BOOST_CHECK_GT(made.passes, 2);  // more than one round
    run(job_in(two.path, 2));
    BOOST_CHECK(files_of(one.path) == files_of(two.path));
}

BOOST_AUTO_TEST_CASE(a_search_stopped_in_any_round_is_resumed_to_the_same_files) {
    const Folder whole("whole");
    const int passes = run(job_in(whole.path)).passes;
    for (int stop_after = 1; stop_after < passes; ++stop_after) {
        const Folder broken("broken");
        SearchJob job = job_in(broken.path);
        BOOST_CHECK(run(job, stop_after).result.interrupted);
        job.resume = true;
        const int rest = run(job).passes;
        BOOST_CHECK_EQUAL(rest, passes - stop_after / 2 * 2);  // whole rounds of two passes aren't repeated
        BOOST_CHECK(files_of(broken.path) == files_of(whole.path));
    }
}

BOOST_AUTO_TEST_CASE(more_generations_after_fine_tuning_equal_an_unbroken_search) {
    const Folder whole("longer"), longer("then_longer");
    SearchJob job = job_in(whole.path);
    job.settings.generations = 3;
    run(job);
    run(job_in(longer.path));
    job.out = longer.path, job.resume = true;
    run(job);
    BOOST_CHECK(files_of(longer.path) == files_of(whole.path));
}

BOOST_AUTO_TEST_CASE(weights_of_a_checkpoint_that_do_not_fit_are_refused) {
    const Folder folder("refused");
    SearchJob job = job_in(folder.path);
    run(job);
    job.resume = true;
    const fs::path checkpoint = folder.path / "checkpoint.json";
    const auto sound = nlohmann::json::parse(read_text(checkpoint));
    BOOST_REQUIRE(!sound.at("tuned").empty());
    const auto refuses = [&](const std::string& with, const char* part) {
        auto changed = sound;
        for (auto& text : changed["tuned"]) text = with.empty() ? "" : with + text.get<std::string>().substr(1);
        write_file(checkpoint, changed.dump());
        BOOST_CHECK_EXCEPTION(run(job), DataError, [&](const DataError& e) {
            return std::string(e.what()).find(part) != std::string::npos;
        });
    };
    refuses("", "0 digits, expected");
    refuses("x", "'x' is no hexadecimal digit");
}

BOOST_AUTO_TEST_CASE(presets_are_compared_with_the_better_8_bit) {
    // The network is a bad copy of the teacher, and fine-tuning brings it nearer.
    struct Learnable : TeacherTask {
        std::unique_ptr<TuningGoal> tuning_goal(const FloatNetwork&, std::uint64_t seed, int jobs) override {
            return TeacherTask::tuning_goal(teacher(), seed, jobs);
        }
    } task;
    FloatNetwork network = task.teacher();
    std::get<FloatGru>(network.layers[0]).weight_ih *= 0.7f;
    const Folder folder("twin");
    SearchJob job = job_in(folder.path);
    job.fine_tuning = FineTuning::best, job.fine_tuning_epochs = 100;
    const SearchResult result = run_search_job(
        task, {network}, job, [](const SearchProgress&) {}, [](const std::string&) {});
    const JudgedPoint& twin = result.homogeneous.front();
    const auto untuned = std::find_if(result.presets.begin(), result.presets.end(),
                                      [](const JudgedPoint& p) { return p.name == "teacher-8bit-not-tuned"; });
    BOOST_REQUIRE(twin.fine_tuned);
    BOOST_REQUIRE(untuned != result.presets.end());
    BOOST_CHECK(!untuned->fine_tuned);
    BOOST_CHECK_LT(twin.validation.error, untuned->validation.error);
    BOOST_CHECK_EQUAL(twin.point.objectives.bytes, untuned->point.objectives.bytes);
    for (const JudgedPoint& judged : result.presets) {
        BOOST_CHECK_EQUAL(judged.test_loss.mean, twin.test.value - judged.test.value);
        const std::string bytes = read_text(folder.path / judged.file);
        const Preset preset = deserialise({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
        BOOST_CHECK_EQUAL(preset.test.homogeneous8_value, twin.test.value);
    }
    BOOST_CHECK(fs::exists(folder.path / "presets/teacher-8bit.gruve"));
}

BOOST_AUTO_TEST_CASE(a_round_takes_each_step_without_a_tuned_point_once_from_small_to_large) {
    // Equal ratios of 2: steps from 800 to 400, to 200, and to 100 bytes.
    const std::vector<Point> front = {at(0.30, 100, 1), at(0.20, 150, 2), at(0.05, 300, 3), at(0.04, 350, 4),
                                      at(0.03, 600, 5)};
    const std::vector<Point> tuned = {at(0.021, 100, 1)};
    const Objectives eight = {0.02, 800, 0, 0.98};
    std::set<Genes> tried;
    const auto round = [&](std::size_t most) {
        std::vector<int> chosen;
        for (const Point& point : next_to_tune(front, tuned, tried, eight, 0.01, {3, most}))
            chosen.push_back(point.genes[0]);
        return chosen;
    };
    BOOST_CHECK((round(4) == std::vector<int>{1, 4, 5}));
    BOOST_CHECK((round(2) == std::vector<int>{1, 4}));
    tried = {{1}, {4}};  // the tuned one may be trained on; of the others, the next best is taken
    BOOST_CHECK((round(4) == std::vector<int>{1, 3, 5}));
    tried = {{3}, {4}, {5}};
    BOOST_CHECK((round(4) == std::vector<int>{1}));
    // A tuned point that isn't tolerable yet is trained on, too; one that loses much isn't.
    const auto reached = next_to_tune(front, {at(0.055, 90, 7), at(0.07, 95, 8)}, {}, eight, 0.01, {3, 1});
    BOOST_REQUIRE_EQUAL(reached.size(), 1u);
    BOOST_CHECK_EQUAL(reached[0].genes[0], 7);
    // Without a tuned point, the range ends at the smallest tolerable point of the front.
    const auto from = next_to_tune(front, {}, {}, eight, 0.02, {3, 4});
    BOOST_REQUIRE_EQUAL(from.size(), 2u);
    BOOST_CHECK(from[0] == front[3] && from[1] == front[4]);
    BOOST_CHECK(next_to_tune(front, {}, {}, eight, 0.001, {3, 4}).empty());
}

BOOST_AUTO_TEST_CASE(the_parent_is_the_nearest_member) {
    const TeacherTask task;
    const GeneSpace space(task.teacher(), GeneScheme::gruve);
    const auto member = [&](int width) {
        TunedMember made;
        made.candidate.judged.point.genes = space.encode(homogeneous(task.teacher(), width));
        return made;
    };
    const std::vector<TunedMember> members = {member(8), member(4), member(2)};
    BOOST_CHECK(nearest({}, space, space.high()) == nullptr);
    BOOST_CHECK(nearest(members, space, space.high()) == &members[0]);
    BOOST_CHECK(nearest(members, space, space.encode(homogeneous(task.teacher(), 5))) == &members[1]);
    BOOST_CHECK(nearest(members, space, space.encode(homogeneous(task.teacher(), 3))) == &members[1]);  // the first
}

BOOST_AUTO_TEST_CASE(weights_are_the_same_after_a_round_trip_through_text) {
    TeacherTask task;
    const Quantiser quantiser(task.teacher(), task.calibration(40), {});
    const Genome genome = homogeneous(task.teacher(), 3);
    const auto goal = task.tuning_goal(task.teacher(), 1, 1);
    const TunedWeights tuned = fine_tune(quantiser, genome, *goal, {.epochs = 1});
    const TunedWeights back = tuned_weights_from(to_text(tuned), quantiser.weights(genome));
    BOOST_CHECK(quantiser.assemble(genome, back) == quantiser.assemble(genome, tuned));
    BOOST_CHECK_EQUAL(to_text(back), to_text(tuned));
    BOOST_CHECK_THROW(tuned_weights_from("00", quantiser.weights(genome)), DataError);
}

BOOST_AUTO_TEST_SUITE_END()
