#include "offline_search/tasks/denoising/task.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <random>

#include "datasets/mixing/mixture.h"
#include "datasets/support/data_error.h"
#include "engine/preset/serialise_preset.h"
#include "offline_search/quantisation/genome.h"
#include "offline_search/quantisation/quantiser.h"
#include "offline_search/tasks/denoising/judge.h"
#include "offline_search/tasks/denoising/measures/metrics.h"
#include "offline_search/tasks/denoising/quality.h"
#include "offline_search/training/backprop.h"
#include "tests/datasets/temporary_folder.h"
#include "tests/offline_search/tasks/denoising/small_noisy_speech.h"

using namespace gruve;
using namespace gruve::test;

namespace {

/// All gains are 1, whatever the input.
FloatNetwork unity_network() {
    FloatNetwork network;
    network.layers.push_back(FloatDense{Activation::sigmoid, Matrix::Zero(40, 80), Vector::Constant(40, 100.0f)});
    return network;
}

DenoiserConfig ahead(int frames, DenoiserConfig config) {
    config.look_ahead = frames;
    return config;
}

DenoiserConfig for_each_frame(DenoiserConfig config) {
    config.net_every = 2;
    config.each_frame = true;
    return config;
}

std::string text_of(const std::vector<std::uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

/// The network at 8 bits, with the recipe's front end and first stage.
Preset eight_bit(const NoisySpeech& set, const DenoiseRecipe& recipe, const FloatNetwork& network) {
    const auto task = make_denoise_task(set, recipe);
    Preset preset;
    preset.name = "test";
    task->describe(preset);
    preset.model = Quantiser(network, task->calibration(4), {}).assemble(homogeneous(network, 8));
    return preset;
}

void expect_judged_as_played(const NoisySpeech& set, const DenoiseRecipe& recipe, const Preset& preset) {
    const Network integer(preset.model);
    const DenoiseJudge judge(set, recipe.config, recipe.first.get(), Split::test, 2, 1.0, 1);
    const Enhancer streamed = preset_enhancer(preset, 16000);
    for (int i = 0; i < judge.size(); ++i) {
        const auto judged = judge.enhance(integer, i);
        const auto played = streamed(fixed_mixture(set, Split::test, i, judged_snrs_db, 1.0).noisy);
        float largest = 0;
        for (std::size_t n = 0; n < judged.size(); ++n) largest = std::max(largest, std::abs(judged[n] - played[n]));
        BOOST_TEST(largest < 1e-6f);
        BOOST_TEST(judged.size() > 15000);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(denoise_task)

BOOST_AUTO_TEST_CASE(unity_gains_score_zero_gain) {
    const auto task = make_denoise_task(small_set(), {});
    const Score score = task->evaluate(unity_network(), Split::validation, 2);
    BOOST_TEST(std::abs(score.value) < 1e-3);
    BOOST_TEST(score.n == 96);
}

BOOST_AUTO_TEST_CASE(a_race_that_nothing_beats_gives_the_whole_score) {
    const auto task = make_denoise_task(small_set(), {});
    const FloatNetwork network = unity_network();
    const Quantiser quantiser(network, task->calibration(4), {});
    std::vector<Score> whole;
    for (int width = 8; width >= 2; --width)
        whole.push_back(task->evaluate(Network(quantiser.assemble(homogeneous(network, width))), Split::validation, 2));
    task->learn_race(whole);
    const Score raced = task->race(Network(quantiser.assemble(homogeneous(network, 4))), -100);
    const Score& score = whole[4];
    BOOST_TEST(raced.whole);  // seven networks are too few for a bound
    BOOST_TEST(raced.error == score.error);
    BOOST_TEST(raced.ci95 == score.ci95);
    BOOST_TEST(raced.steps == score.steps);
}

BOOST_AUTO_TEST_CASE(a_task_that_hears_scores_what_is_heard_and_shows_si_sdr_beside_it) {
    const DenoiseRecipe recipe = short_recipe();
    const auto hears = make_denoise_task(small_set(), recipe, RankBy::heard),
               usual = make_denoise_task(small_set(), recipe);
    BOOST_TEST(hears->metric().id == "heard_gain");
    BOOST_TEST(hears->shown_metric().id == usual->metric().id);
    const FloatNetwork network = make_denoise_network(recipe, small_options);
    const Network integer(Quantiser(network, usual->calibration(4), {}).assemble(homogeneous(network, 8)));
    const Score heard = hears->evaluate(integer, Split::validation, 2),
                si_sdr = usual->evaluate(integer, Split::validation, 2);
    BOOST_TEST(!si_sdr.shown.has_value());
    BOOST_REQUIRE(heard.shown.has_value());
    BOOST_TEST(heard.shown->value == si_sdr.value);
    BOOST_TEST(heard.shown->ci95 == si_sdr.ci95);
    BOOST_TEST(heard.error == -heard.value);
    double sum = 0;
    for (const Score::Part& part : heard.parts) sum += part.error;
    BOOST_TEST(std::abs(sum / heard.n - heard.error) < 1e-9);

    // By HeardMeasure itself, of the first mixture as it is played.
    const DenoiseJudge judge(small_set(), recipe.config, nullptr, Split::validation, 1, 3.0, 1);
    const std::vector<float> enhanced = judge.enhance(integer, 0);
    Mixture mixture = fixed_mixture(small_set(), Split::validation, 0, judged_snrs_db, 3.0);
    mixture.clean.resize(enhanced.size());
    mixture.noisy.resize(enhanced.size());
    const HeardMeasure measure(mixture.clean, 16000);
    BOOST_TEST(std::abs(measure.of(enhanced) - measure.of(mixture.noisy) - heard.parts[0].value) < 1e-9);

    hears->learn_race({heard});
    const Score raced = hears->race(integer, -1000);
    BOOST_TEST(raced.error == heard.error);  // one network is too few for a bound
    BOOST_TEST(raced.shown->value == heard.shown->value);
}

BOOST_AUTO_TEST_CASE(a_network_of_other_features_is_refused) {
    DenoiseRecipe recipe;
    recipe.config.periodicity = true;
    const auto task = make_denoise_task(small_set(), recipe);
    BOOST_CHECK_EXCEPTION(task->evaluate(unity_network(), Split::validation, 2), DataError, [](const DataError& e) {
        return std::string(e.what()).find("80 inputs and 40 outputs, expected 120 and 40") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(the_harder_look_is_at_mixtures_of_the_validation_split_that_the_search_has_not_heard) {
    const DenoiseRecipe recipe = short_recipe();
    const auto task = make_denoise_task(small_set(), recipe);
    const FloatNetwork network = make_denoise_network(recipe, small_options);
    const Network integer(Quantiser(network, task->calibration(4), {}).assemble(homogeneous(network, 8)));
    const Score altered = task->evaluate_fresh(integer, 0, 2);
    BOOST_TEST(altered.n == 768);
    BOOST_TEST(altered.value != task->evaluate(integer, Split::validation, 2).value);
    const NoisySpeech set = small_set();
    const DenoiseJudge fresh(set, recipe.config, nullptr, Split::validation, 768, 3.0, 2, 96);
    double sum = 0;
    for (const Judgement& j : fresh.judge(integer, 2)) sum += j.si_sdr_gain_db;
    BOOST_TEST(std::abs(sum / 768 - altered.value) < 1e-9);
}

BOOST_AUTO_TEST_CASE(the_judge_plays_exactly_what_the_streaming_denoiser_plays) {
    const NoisySpeech set = small_set();
    for (const DenoiserConfig& config :
         {DenoiserConfig{}, live_denoiser(), ahead(6, DenoiserConfig{}), ahead(6, quality_denoiser()),
          ahead(5, live_denoiser()), for_each_frame(ahead(6, quality_denoiser())), for_each_frame({})}) {
        DenoiseRecipe recipe = short_recipe();
        recipe.config = config;
        const FloatNetwork network = make_denoise_network(recipe, small_options);
        const Preset preset = eight_bit(set, recipe, network);
        expect_judged_as_played(set, recipe, preset);
        // The float network has the same timing and level; 8 bits only change its output slightly.
        const auto mixture = fixed_mixture(set, Split::test, 0, judged_snrs_db, 1.0);
        const auto as_float = float_enhancer(network, config, 16000)(mixture.noisy);
        BOOST_TEST(si_sdr_db(as_float, preset_enhancer(preset, 16000)(mixture.noisy)) > 25);
    }
}

BOOST_AUTO_TEST_CASE(a_second_stage_is_judged_and_taught_on_what_the_first_one_leaves) {
    const NoisySpeech set = small_set();
    DenoiseRecipe recipe = short_recipe();
    recipe.config = live_denoiser();
    recipe.config.net_every = 1;
    const Preset first = eight_bit(set, recipe, make_denoise_network(recipe, small_options));
    const TemporaryFolder folder;
    const auto path = folder.file("first.gruve", text_of(serialise(first)));
    recipe.config.net_every = 2;
    recipe.first = read_first_stage(path, recipe.config);
    TrainOptions others = small_options;
    others.seed = 5;
    const Preset both = eight_bit(set, recipe, make_denoise_network(recipe, others));
    BOOST_TEST((both.before == std::vector{first}));
    BOOST_TEST(parameter_bytes(both) == parameter_bytes(both.model).total() + parameter_bytes(first));
    expect_judged_as_played(set, recipe, both);
    recipe.config.look_ahead = 6;
    expect_judged_as_played(set, recipe, eight_bit(set, recipe, make_denoise_network(recipe, others)));
    recipe.config.look_ahead = 0;

    const auto task = make_denoise_task(set, recipe);
    BOOST_TEST(task->fixed_bytes() == parameter_bytes(first));
    const std::vector<Matrix> heard = task->calibration(1);
    recipe.first = nullptr;
    BOOST_TEST((make_denoise_task(set, recipe)->calibration(1).front() != heard.front()));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_a_first_stage_is_refused_by_name) {
    const NoisySpeech set = small_set();
    DenoiseRecipe recipe = short_recipe();
    const Preset preset = eight_bit(set, recipe, make_denoise_network(recipe, small_options));
    const TemporaryFolder folder;
    const auto refusal = [&](const std::vector<std::uint8_t>& bytes, const DenoiserConfig& config) {
        const auto path = folder.file("first.gruve", text_of(bytes));
        try {
            read_first_stage(path, config);
        } catch (const DataError& e) {
            BOOST_TEST(std::string(e.what()).starts_with(path.string()));
            return std::string(e.what()).substr(path.string().size() + 2);
        }
        return std::string();
    };
    BOOST_TEST(refusal(serialise(preset), recipe.config) == "");
    BOOST_TEST(refusal(serialise(preset), live_denoiser()) ==
               "a first stage must have the task's latency, 5.00 ms, and its windows and bands");
    Preset two = preset;
    two.before = {preset};
    BOOST_TEST(refusal(serialise(two), recipe.config) == "has two stages, a first stage must be a preset of one");
    Preset late = preset;
    late.denoiser.look_ahead = 2;
    BOOST_TEST(refusal(serialise(late), recipe.config) == "looks ahead, which only a second stage may");
    BOOST_TEST(refusal({1, 2, 3}, recipe.config).find("preset") != std::string::npos);
}

BOOST_DATA_TEST_CASE(played_gains_have_the_numeric_gradient, boost::unit_test::data::make({0, 5}), look_ahead) {
    DenoiserConfig config = ahead(look_ahead, {});
    config.bands = 3;
    config.net_every = 2;
    const PlayedGains played({.reduction_limit_db = 12, .attack_s = 0.004f, .release_s = 0.02f}, config, 0.0025);
    std::mt19937_64 random(2);
    Matrix wanted(3, 20), weight(3, 40 - look_ahead);
    for (float& v : wanted.reshaped()) v = 0.3f + 0.3f * (noise_sample(random) + 1);  // all above the limit
    for (float& v : weight.reshaped()) v = noise_sample(random);
    const Matrix gains = played(wanted), gradient = played.adjoint(wanted, gains, weight);
    for (Eigen::Index i = 0; i < wanted.size(); i += 7) {
        Matrix up = wanted, down = wanted;
        up.reshaped()(i) += 1e-3f, down.reshaped()(i) -= 1e-3f;
        const float slope = (played(up) - played(down)).cwiseProduct(weight).sum() / 2e-3f;
        BOOST_TEST(std::abs(slope - gradient.reshaped()(i)) < 2e-3f);
    }
}

BOOST_AUTO_TEST_CASE(gains_with_a_look_ahead_are_those_of_later_frames) {
    DenoiserConfig config;
    config.bands = 1;
    config.net_every = 2;
    Matrix wanted(1, 4), expected(1, 5);
    wanted << 0.1f, 0.2f, 0.3f, 0.4f;
    expected << 0.2f, 0.3f, 0.3f, 0.4f, 0.4f;
    BOOST_TEST((PlayedGains({}, ahead(3, config), 0.005)(wanted) == expected));
}

BOOST_AUTO_TEST_CASE(gains_for_each_frame_are_played_in_turn) {
    DenoiserConfig config = for_each_frame({});
    config.bands = 1;
    Matrix wanted(4, 2), expected(2, 4);  // gain and share of a frame, then of the next
    wanted << 0.1f, 0.5f, 0.2f, 0.6f, 0.3f, 0.7f, 0.4f, 0.8f;
    expected << 0.1f, 0.3f, 0.5f, 0.7f, 0.2f, 0.4f, 0.6f, 0.8f;
    const PlayedGains played({}, config, 0.005);
    BOOST_TEST((played(wanted) == expected));
    BOOST_TEST((played.adjoint(wanted, expected, expected) == wanted));
    BOOST_TEST((PlayedGains({}, ahead(1, config), 0.005)(wanted) == expected.rightCols(3)));
}

BOOST_AUTO_TEST_CASE(a_gain_below_the_limit_can_only_be_pushed_up) {
    DenoiserConfig config;
    config.bands = 1;
    const PlayedGains played({.reduction_limit_db = 12, .attack_s = 0, .release_s = 0}, config, 0.005);
    const Matrix wanted = Matrix::Constant(1, 2, 0.1f), gains = played(wanted);
    BOOST_TEST(gains(0, 0) == std::pow(10.0f, -12 / 20.0f));
    Matrix push(1, 2);
    push << 1.0f, -1.0f;
    const Matrix gradient = played.adjoint(wanted, gains, push);
    BOOST_TEST(gradient(0, 0) == 0.0f);
    BOOST_TEST(gradient(0, 1) == -1.0f);
}

BOOST_AUTO_TEST_CASE(the_report_of_a_bypass_shows_no_gain_and_no_loss) {
    const DenoiseReport report = test_denoiser(
        small_set(), Split::test, 8, judged_snrs_db, 2.0,
        [](std::span<const float> x) { return std::vector(x.begin(), x.end()); }, 2);
    BOOST_TEST(report.all.si_sdr_gain_db.n == 8);
    BOOST_TEST(report.all.si_sdr_gain_db.mean == 0.0);
    BOOST_TEST(report.all.stoi_falls == 0.0);
    BOOST_TEST(report.all.speech_muted == 0.0);
    BOOST_TEST(report.noise_attenuation_median_db == 0.0);
    BOOST_TEST(report.clean_si_sdr_db.mean == 100.0);
    BOOST_TEST(std::abs(report.onset_gain_db.mean) < 0.5);
    BOOST_TEST(report.onsets_surviving == 1.0);
    BOOST_TEST(report.by_snr.size() == 4u);
}

BOOST_AUTO_TEST_CASE(the_report_of_a_muffler_shows_its_attenuation_and_lost_onsets) {
    const auto muffle = [](std::span<const float> x) {
        std::vector<float> y(x.begin(), x.end());
        for (float& v : y) v *= 0.1f;
        return y;
    };
    const DenoiseReport report = test_denoiser(small_set(), Split::test, 8, {-10, 20}, 2.0, muffle, 2);
    BOOST_TEST(report.by_snr.size() == 2u);
    BOOST_TEST(report.by_snr[1].scores.si_sdr_db.mean > report.by_snr[0].scores.si_sdr_db.mean + 25);
    BOOST_TEST(report.all.speech_muted == 1.0);  // by 20 dB, where 12 are too many
    BOOST_TEST(report.noise_attenuation_median_db == 20.0, boost::test_tools::tolerance(1e-3));
    BOOST_TEST(report.noise_attenuation_weakest_quarter_db == 20.0, boost::test_tools::tolerance(1e-3));
    BOOST_TEST(report.onset_gain_db.mean == -20.0, boost::test_tools::tolerance(0.05));
    BOOST_TEST(report.onsets_surviving == 0.0);
    BOOST_TEST(std::abs(report.all.si_sdr_gain_db.mean) < 1e-3);  // scale-invariant
}

BOOST_AUTO_TEST_SUITE_END()
