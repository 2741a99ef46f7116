// A search that ranks by another metric than the one that presets are labelled with.
#include <boost/test/unit_test.hpp>

#include "datasets/support/data_error.h"
#include "engine/preset/deserialise_preset.h"
#include "offline_search/files/write_file.h"
#include "offline_search/report/report.h"
#include "offline_search/selection/job.h"
#include "tests/datasets/temporary_folder.h"
#include "tests/offline_search/teacher_task.h"

using namespace gruve;
using namespace gruve::test;

namespace {

struct RankedTask : TeacherTask {
    Metric metric() const override { return heard_gain; }
    Metric shown_metric() const override { return si_sdr_gain; }
    Score evaluate(const FloatNetwork& network, Split split, int jobs) override {
        return labelled(TeacherTask::evaluate(network, split, jobs));
    }
    Score evaluate(const Network& network, Split split, int jobs) override {
        return labelled(TeacherTask::evaluate(network, split, jobs));
    }
    static Score labelled(Score score) {
        score.shown = {10 * score.value, 10 * score.ci95};
        return score;
    }
};

SearchResult run(RankedTask& task, const SearchJob& job) {
    return run_search_job(
        task, {task.teacher()}, job, [](const SearchProgress&) {}, [](const std::string&) {});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(search_ranking)

BOOST_AUTO_TEST_CASE(presets_are_labelled_by_the_metric_that_users_know) {
    RankedTask task;
    const TemporaryFolder folder;
    SearchJob job;
    job.settings = {.seed = 3, .population = 12, .generations = 1, .nsga2 = {}};
    job.calibration = 40, job.jobs = 1, job.out = folder / "out", job.rank = "heard";
    const SearchResult result = run(task, job);
    BOOST_TEST(result.metric == "heard_gain");
    BOOST_TEST(result.shown_metric == "si_sdr_gain_db");
    BOOST_TEST(result.command.find(" --rank heard") != std::string::npos);
    const JudgedPoint& best = *gruve::recommended(result);
    const std::string bytes = read_text(job.out / best.file);
    const Preset preset = deserialise({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    BOOST_TEST(preset.test.metric == "si_sdr_gain_db");
    BOOST_TEST(preset.test.value == 10 * best.test.value);
    BOOST_TEST(preset.validation.homogeneous8_value == 10 * result.homogeneous.front().validation.value);
    BOOST_TEST(preset.provenance.find("Chosen by heard gain: ") != std::string::npos);

    const SearchResult loaded = load_result(job.out / "search.json");
    BOOST_TEST(shown_text(loaded, gruve::recommended(loaded)->test) == shown_text(result, best.test));
    const std::string html = report_html({loaded});
    BOOST_TEST(html.find("heard gain, points (validation split)") != std::string::npos);
    BOOST_TEST(html.find("<th>SI-SDR gain, test</th>") != std::string::npos);

    job.rank.clear(), job.resume = true;  // a checkpoint of another ranking is refused
    BOOST_CHECK_EXCEPTION(run(task, job), DataError, [](const DataError& e) {
        return std::string(e.what()).find("gruve ranked by heard, this run has gruve;") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
