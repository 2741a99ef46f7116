// The search on a small synthetic task. It gives the same files for any number of threads, and a resumed search equals
// an unbroken one.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <map>

#include "datasets/support/data_error.h"
#include "engine/preset/deserialise_preset.h"
#include "engine/preset/preset.h"
#include "offline_search/files/write_file.h"
#include "offline_search/quantisation/genome.h"
#include "offline_search/report/report.h"
#include "offline_search/report/sizes_section.h"
#include "offline_search/search/json.h"
#include "offline_search/selection/job.h"
#include "offline_search/selection/judge.h"
#include "tests/offline_search/teacher_task.h"

using namespace gruve;
namespace fs = std::filesystem;

namespace {

struct Folder {
    fs::path path;
    explicit Folder(const std::string& name) : path(fs::temp_directory_path() / ("gruve_search_" + name)) {
        fs::remove_all(path);
    }
    ~Folder() { fs::remove_all(path); }
};

SearchJob small_job(const fs::path& out, int jobs, int generations = 3) {
    SearchJob job;
    job.settings = {.seed = 3, .population = 12, .generations = generations, .nsga2 = {}};
    job.jobs = jobs;
    job.calibration = 40;
    job.out = out;
    return job;
}

SearchResult run(
    TeacherTask& task, const SearchJob& job, const std::function<bool()>& stop = {},
    const std::function<void(const SearchProgress&)>& progress = [](const SearchProgress&) {}) {
    return run_search_job(
        task, {task.teacher()}, job, progress, [](const std::string&) {}, stop);
}

std::map<std::string, std::string> presets_in(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::directory_iterator(folder / "presets"))
        files[entry.path().filename().string()] = read_text(entry.path());
    return files;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(search)

BOOST_AUTO_TEST_CASE(presets_are_byte_identical_for_one_and_two_threads) {
    TeacherTask task;
    const Folder one("one"), two("two");
    run(task, small_job(one.path, 1));
    run(task, small_job(two.path, 2));
    const auto a = presets_in(one.path);
    BOOST_CHECK_GE(a.size(), 3u);
    BOOST_CHECK(a == presets_in(two.path));
    BOOST_CHECK_EQUAL(read_text(one.path / "search.json"), read_text(two.path / "search.json"));
    BOOST_CHECK(a.contains("teacher-8bit.gruve") && a.contains("teacher-recommended.gruve"));
}

BOOST_AUTO_TEST_CASE(fine_tuned_presets_are_byte_identical_for_one_and_two_threads) {
    TeacherTask task;
    const Folder one("tuned_one"), two("tuned_two");
    SearchJob job = small_job(one.path, 1, 1);
    job.scheme = GeneScheme::further;
    job.fine_tuning = FineTuning::front;
    job.fine_tuning_epochs = 3;
    const SearchResult result = run(task, job);
    BOOST_CHECK(
        std::any_of(result.presets.begin(), result.presets.end(), [](const JudgedPoint& p) { return p.fine_tuned; }));
    job.jobs = 2;
    job.out = two.path;
    run(task, job);
    BOOST_CHECK(presets_in(one.path) == presets_in(two.path));
}

BOOST_AUTO_TEST_CASE(the_recommended_preset_is_the_smallest_that_passes_its_test) {
    TeacherTask task;
    const Folder folder("recommended");
    const SearchResult result = run(task, small_job(folder.path, 2, 5));
    const auto model_in = [&](const JudgedPoint& judged) {
        const std::string bytes = read_text(folder.path / judged.file);
        return deserialise({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}).model;
    };
    Judge judge(task, model_in(result.homogeneous.front()), 1);
    BOOST_CHECK(judge.fresh(model_in(result.homogeneous.front())).tolerable(0.999));
    BOOST_REQUIRE_GE(result.trials.size(), 2u);  // so there was a choice
    for (std::size_t i = 0; i < result.trials.size(); ++i) {
        const Trial& trial = result.trials[i];
        BOOST_TEST_MESSAGE(trial.bytes << " bytes lose " << trial.loss.mean << ", bound " << trial.loss.upper);
        if (i > 0) BOOST_CHECK_LT(trial.bytes, result.trials[i - 1].bytes);
        BOOST_CHECK_GE(trial.confidence, 0.95 - 1e-9);
        if (trial.passed) BOOST_CHECK_LE(trial.loss.upper, trial.loss.allowed);
    }
    const JudgedPoint* best = gruve::recommended(result);
    BOOST_REQUIRE(best != nullptr);
    const auto last =
        std::find_if(result.trials.rbegin(), result.trials.rend(), [](const Trial& t) { return t.passed; });
    BOOST_REQUIRE(last != result.trials.rend());
    BOOST_CHECK_EQUAL(best->point.objectives.bytes, last->bytes);
    BOOST_CHECK(judge.fresh(model_in(*best)).tolerable(last->confidence));
    BOOST_CHECK_EQUAL(best->evidence.altered.upper, last->loss.upper);
    BOOST_CHECK_EQUAL(best->evidence.rounds, last->rounds);
    BOOST_CHECK_EQUAL(best->evidence.confidence, last->confidence);
    BOOST_CHECK_GT(best->evidence.units, 1);
    BOOST_CHECK_EQUAL(best->test_loss.mean, result.homogeneous.front().test.value - best->test.value);

    const SearchResult loaded = load_result(folder.path / "search.json");
    BOOST_CHECK_EQUAL(loaded.trials.size(), result.trials.size());
    const JudgedPoint* stored = gruve::recommended(loaded);
    BOOST_CHECK_EQUAL(stored->evidence.altered.upper, best->evidence.altered.upper);
    BOOST_CHECK_EQUAL(stored->evidence.units_needed, best->evidence.units_needed);
    BOOST_CHECK_EQUAL(stored->test_loss.high, best->test_loss.high);
}

BOOST_AUTO_TEST_CASE(a_result_of_an_earlier_version_is_read_and_reported) {
    TeacherTask task;
    const Folder folder("earlier");
    run(task, small_job(folder.path, 1, 1));
    auto json = nlohmann::json::parse(read_text(folder.path / "search.json"));
    json.erase("trials");
    for (auto& preset : json["presets"]) {
        preset.erase("test_loss");
        if (preset.contains("evidence")) preset["evidence"].erase("rounds"), preset["evidence"].erase("confidence");
    }
    write_file(folder.path / "search.json", json.dump());
    const SearchResult earlier = load_result(folder.path / "search.json");
    BOOST_CHECK(earlier.trials.empty());
    BOOST_CHECK_EQUAL(gruve::recommended(earlier)->evidence.rounds, 0);
    BOOST_CHECK(report_html({earlier}).find("smallest of many that passed") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(another_seed_gives_another_search) {
    TeacherTask task;
    const Folder one("seed3"), two("seed4");
    SearchJob job = small_job(two.path, 2);
    job.settings.seed = 4;
    BOOST_CHECK(run(task, small_job(one.path, 2)).archive != run(task, job).archive);
}

BOOST_AUTO_TEST_CASE(a_resumed_search_equals_an_unbroken_one) {
    TeacherTask task;
    const Folder broken("broken"), whole("whole");
    run(task, small_job(whole.path, 2, 4));
    std::atomic<bool> stop = false;
    const SearchResult half = run(
        task, small_job(broken.path, 2, 4), [&] { return stop.load(); },
        [&](const SearchProgress& p) { stop = p.record.generation == 2; });
    BOOST_CHECK(half.interrupted);
    BOOST_CHECK_EQUAL(half.generations, 2);
    BOOST_CHECK_GE(presets_in(broken.path).size(), 2u);  // an interrupted search leaves a usable front
    SearchJob rest = small_job(broken.path, 1, 4);
    rest.resume = true;
    run(task, rest);
    BOOST_CHECK_EQUAL(read_text(broken.path / "search.json"), read_text(whole.path / "search.json"));
    BOOST_CHECK(presets_in(broken.path) == presets_in(whole.path));
}

BOOST_AUTO_TEST_CASE(a_stop_during_fine_tuning_is_an_interrupted_search_which_a_resume_completes) {
    TeacherTask task;
    const Folder unbroken("tuned"), broken("tuning_stopped");
    SearchJob job = small_job(unbroken.path, 1, 1);
    job.fine_tuning = FineTuning::best, job.fine_tuning_epochs = 2;
    BOOST_CHECK(!run(task, job).interrupted);

    job.out = broken.path;
    int passes = 0;
    const auto say = [&](const std::string& line) { passes += line.starts_with("fine-tuning, pass"); };
    const SearchResult stopped = run_search_job(
        task, {task.teacher()}, job, [](const SearchProgress&) {}, say, [&] { return passes > 0; });
    BOOST_CHECK(stopped.interrupted);
    BOOST_CHECK_EQUAL(stopped.generations, 1);
    BOOST_CHECK_EQUAL(passes, 1);  // of two
    job.resume = true;
    BOOST_CHECK(!run(task, job).interrupted);
    BOOST_CHECK(presets_in(unbroken.path) == presets_in(broken.path));
}

BOOST_AUTO_TEST_CASE(presets_of_an_earlier_stage_stand_until_all_of_the_next_are_made) {
    struct Failing : TeacherTask {
        mutable int left = 1000;
        void choose_detection(Preset&, int) const override {
            if (left-- == 0) throw DataError("the detection cannot be chosen");
        }
    } task;
    const Folder folder("stage");
    run(task, small_job(folder.path, 1, 1));
    const auto finished = presets_in(folder.path);
    SearchJob more = small_job(folder.path, 1, 3);
    more.resume = true;
    task.left = 2;
    BOOST_CHECK_THROW(run(task, more), DataError);
    BOOST_CHECK(presets_in(folder.path) == finished);

    // A preset can't be written because a folder takes its place. No finished preset is lost.
    task.left = 1000;
    fs::create_directories(folder.path / "presets/teacher-recommended.gruve.part/in the way");
    BOOST_CHECK_THROW(run(task, more), DataError);
    for (const auto& [name, bytes] : finished)
        BOOST_CHECK_MESSAGE(fs::exists(folder.path / "presets" / name), name << " was lost");

    fs::remove_all(folder.path / "presets/teacher-recommended.gruve.part");
    run(task, more);
    const Folder at_once("at_once");
    run(task, small_job(at_once.path, 1, 3));
    BOOST_CHECK(presets_in(folder.path) == presets_in(at_once.path));
}

BOOST_AUTO_TEST_CASE(a_checkpoint_of_something_else_is_refused) {
    TeacherTask task, other(6);
    const Folder folder("refuse");
    run(task, small_job(folder.path, 2, 0));
    const auto refuses = [&](const char* part, TeacherTask& with, const SearchJob& job) {
        BOOST_CHECK_EXCEPTION(run(with, job), DataError, [&](const DataError& e) {
            BOOST_TEST_MESSAGE(e.what());
            return std::string(e.what()).find(part) != std::string::npos;
        });
    };
    refuses("--resume", task, small_job(folder.path, 2, 0));
    SearchJob job = small_job(folder.path, 2, 0);
    job.resume = true;
    refuses("model", other, job);
    SearchJob seed = job;
    seed.settings.seed = 9;
    refuses("seed 3, this run has 9", task, seed);
    SearchJob scheme = job;
    scheme.scheme = GeneScheme::paper;
    refuses("scheme", task, scheme);
    SearchJob data = job;
    data.calibration = 30;
    refuses("data", task, data);
    const fs::path checkpoint = folder.path / "checkpoint.json";
    const auto sound = nlohmann::json::parse(read_text(checkpoint));
    for (const char* points : {"population", "archive"}) {
        const auto refuses_genes = [&](const std::string& genes, const char* part) {
            auto changed = sound;
            changed[points][0][0] = genes;
            write_file(checkpoint, changed.dump());
            refuses(part, task, job);
        };
        const std::string genes = sound[points][0][0];
        refuses_genes(genes + "1", "do not belong to this network");
        refuses_genes("z" + genes.substr(1), "genes z");
        refuses_genes("?" + genes.substr(1), "not a digit");
    }
    write_file(checkpoint, "{\"format\":1}");
    refuses("another version", task, job);
    write_file(checkpoint, "{\"format\":2}");
    refuses("not a checkpoint", task, job);
}

BOOST_AUTO_TEST_CASE(the_front_beats_the_homogeneous_points) {
    TeacherTask task;
    const Folder folder("front");
    const SearchResult result = run(task, small_job(folder.path, 2, 5));
    BOOST_TEST_MESSAGE("hypervolume: homogeneous " << result.hypervolume_homogeneous << ", front "
                                                   << result.hypervolume_front);
    BOOST_CHECK_GT(result.hypervolume_front, result.hypervolume_homogeneous);
    for (std::size_t i = 1; i < result.history.size(); ++i)
        BOOST_CHECK_GE(result.history[i].hypervolume, result.history[i - 1].hypervolume);
    for (const Point& a : result.archive)
        for (const Point& b : result.archive) BOOST_CHECK(!dominates(a.objectives, b.objectives));
}

BOOST_AUTO_TEST_CASE(a_report_compares_runs_and_keeps_its_figures) {
    TeacherTask task;
    const Folder gruve("report_gruve"), paper("report_paper");
    SearchJob job = small_job(paper.path, 2, 1);
    job.scheme = GeneScheme::paper;
    const std::vector<SearchResult> results = {run(task, small_job(gruve.path, 2, 1)), run(task, job)};
    const std::string html = report_html(results);
    for (const char* part : {"teacher: all runs", "scheme paper", "Families of genomes", "bits that all members share",
                             "Hypervolume per generation"})
        BOOST_TEST(html.find(part) != std::string::npos, part);
    const auto figures = report_figures(results);
    BOOST_TEST(figures.size() == 3u);  // one front of the task, one hypervolume plot of each run
    for (const auto& [name, svg] : figures) {
        BOOST_TEST(svg.starts_with("<svg xmlns="), name);
        BOOST_TEST(svg.find("var(") == std::string::npos, name);
        BOOST_TEST(svg.find(" width='1140' height='") != std::string::npos, name);
        BOOST_TEST(svg.find(name.ends_with("front.svg") ? "recommended</text>" : "all genomes so far</text>") !=
                       std::string::npos,
                   name << " has its legend in it");
    }
}

BOOST_AUTO_TEST_CASE(the_cost_of_a_step_may_be_an_objective) {
    TeacherTask task;
    const Folder folder("cost");
    SearchJob job = small_job(folder.path, 2, 2);
    job.cost_objective = true;
    const SearchResult result = run(task, job);
    for (const Point& point : result.archive) BOOST_CHECK_GT(point.objectives.ns, 0);
    job.resume = true;
    job.settings.generations = 3;
    BOOST_CHECK_EQUAL(run(task, job).homogeneous.front().point.objectives.ns,
                      result.homogeneous.front().point.objectives.ns);  // measured once
    job.cost_objective = false;
    BOOST_CHECK_THROW(run(task, job), DataError);
}

BOOST_AUTO_TEST_CASE(paper_scheme_has_seventeen_genes_of_2_to_8_bits) {
    const TeacherTask task;
    const GeneSpace paper(task.teacher(), GeneScheme::paper), gruve(task.teacher(), GeneScheme::gruve),
        further(task.teacher(), GeneScheme::further);
    BOOST_CHECK_EQUAL(paper.size(), 17u);
    for (std::size_t i = 0; i < paper.size(); ++i) BOOST_CHECK_EQUAL(paper.highest(i), 6);
    BOOST_CHECK_EQUAL(gruve.size(), 17u + 1 + 3);  // dense weights; input, multipliers, biases
    BOOST_CHECK_EQUAL(further.highest(0), 8);
    for (const GeneSpace* space : {&paper, &gruve, &further}) {
        const Genes high = space->high();
        BOOST_CHECK(space->encode(space->decode(high)) == high);
        BOOST_CHECK(genes_from(to_text(high)) == high);
    }
}

BOOST_AUTO_TEST_CASE(the_hidden_size_may_be_a_gene) {
    TeacherTask task;
    const FloatNetwork narrow = random_network(9, 6, 8, 4);
    const GeneSpace space({task.teacher(), narrow}, GeneScheme::gruve);
    const auto hidden = std::find_if(space.genes().begin(), space.genes().end(),
                                     [](const Gene& g) { return g.kind == Gene::Kind::hidden; });
    BOOST_REQUIRE(hidden != space.genes().end());
    BOOST_CHECK(space.meaning(*hidden) == (std::vector<int>{8, 12}));
    BOOST_CHECK_EQUAL(space.decode(space.encode(homogeneous(task.teacher(), 8))).network,
                      0);  // the network that sizes are compared with
    const Quantiser quantiser({task.teacher(), narrow}, task.calibration(40), {});
    Genes genes = space.high();
    BOOST_CHECK_EQUAL(std::get<GruLayer>(quantiser.assemble(space.decode(genes)).layers[0]).hidden_size, 12);
    genes[static_cast<std::size_t>(hidden - space.genes().begin())] = 0;
    BOOST_CHECK_EQUAL(std::get<GruLayer>(quantiser.assemble(space.decode(genes)).layers[0]).hidden_size, 8);
    BOOST_CHECK_THROW(GeneSpace({task.teacher(), task.teacher()}, GeneScheme::gruve), std::invalid_argument);
    BOOST_CHECK_THROW(GeneSpace({task.teacher(), random_network(9, 7, 8, 4)}, GeneScheme::gruve),
                      std::invalid_argument);

    const Folder one("hidden_one"), two("hidden_two");
    const auto search = [&](const Folder& folder, int jobs) {
        return run_search_job(
            task, {task.teacher(), narrow}, small_job(folder.path, jobs), [](const SearchProgress&) {},
            [](const std::string&) {});
    };
    const SearchResult result = search(one, 1);
    search(two, 2);
    BOOST_CHECK(presets_in(one.path) == presets_in(two.path));
    // The smallest genomes use the narrow network. The other is larger at any width.
    BOOST_CHECK_EQUAL(space.decode(result.archive.front().genes).network, 1);

    // Homogeneous 8 bit of each size was scored, and the front lies at or above all of them.
    BOOST_REQUIRE_EQUAL(result.sizes.size(), 2u);
    BOOST_CHECK_EQUAL(result.sizes[0].name, "8 units, 8 bit");
    BOOST_CHECK(result.sizes[1].point == result.homogeneous.front().point);
    for (const JudgedPoint& size : result.sizes) {
        BOOST_CHECK_EQUAL(size.test.n, 60);
        const Point* best = smallest_within(result.archive, size.point.objectives.error);
        BOOST_REQUIRE(best != nullptr);
        BOOST_CHECK_LE(best->objectives.bytes, size.point.objectives.bytes);
    }
    const SearchResult loaded = load_result(one.path / "search.json");
    BOOST_CHECK_EQUAL(loaded.sizes[0].point.objectives.bytes, result.sizes[0].point.objectives.bytes);
    BOOST_CHECK(report_html({result}, "").find("Smaller networks at 8 bit") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_table_compares_mixed_widths_with_smaller_networks_at_8_bit) {
    const auto at = [](double error, double bytes, int level) { return Point{{level}, {error, bytes, 0, 1 - error}}; };
    SearchResult result;
    result.metric = accuracy.id;
    result.tolerance = 0.005;
    result.genes = {{"hidden", {16, 32}}};
    BOOST_CHECK_EQUAL(sizes_html(result), "");
    result.sizes = {{"16 units, 8 bit", "", at(0.034, 2000, 0), {}, {}},
                    {"32 units, 8 bit", "", at(0.030, 5000, 1), {}, {}}};
    result.archive = {at(0.0345, 500, 1), at(0.032, 1000, 0), at(0.029, 2000, 1)};
    const std::string html = sizes_html(result);
    for (const char* row : {"<td>32</td><td>5\u2009000</td><td>32</td><td>2\u2009000</td><td>60.0 %</td>",
                            "<td>16</td><td>2\u2009000</td><td>32</td><td>500</td><td>75.0 %</td>"})
        BOOST_TEST(html.find(row) != std::string::npos, html);
}

BOOST_AUTO_TEST_CASE(settings_out_of_range_are_refused) {
    TeacherTask task;
    const Folder folder("range");
    SearchJob job = small_job(folder.path, 1);
    job.settings.population = 10;
    BOOST_CHECK_EXCEPTION(run(task, job), std::invalid_argument, [](const std::invalid_argument& e) {
        return std::string(e.what()).find("multiples of 4") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
