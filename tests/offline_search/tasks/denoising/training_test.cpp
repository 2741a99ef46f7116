#include "offline_search/tasks/denoising/training.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "datasets/support/data_error.h"
#include "datasets/support/interrupt.h"
#include "engine/preset/deserialise_preset.h"
#include "engine/preset/serialise_preset.h"
#include "offline_search/fine_tuning/fine_tune.h"
#include "offline_search/network/safetensors.h"
#include "offline_search/quantisation/genome.h"
#include "offline_search/quantisation/quantiser.h"
#include "offline_search/tasks/denoising/goal.h"
#include "offline_search/tasks/denoising/quality.h"
#include "offline_search/training/backprop.h"
#include "offline_search/training/weight_average.h"
#include "tests/datasets/temporary_folder.h"
#include "tests/offline_search/tasks/denoising/small_noisy_speech.h"

using namespace gruve;
using namespace gruve::test;

BOOST_AUTO_TEST_SUITE(denoise_training)

BOOST_AUTO_TEST_CASE(training_gives_the_same_weights_for_one_and_two_jobs) {
    const auto trained = [](int jobs) {
        TrainOptions options = small_options;
        options.jobs = jobs;
        return weights(make_denoise_task(small_set(), short_recipe())->train(options, go_on));
    };
    const auto one = trained(1), two = trained(2);
    BOOST_TEST(one == two, boost::test_tools::per_element());
    BOOST_TEST(one.size() > 1000);
}

BOOST_AUTO_TEST_CASE(another_seed_gives_other_weights) {
    const auto task = make_denoise_task(small_set(), short_recipe());
    TrainOptions other = small_options;
    other.seed = 4;
    BOOST_TEST((weights(task->train(small_options, go_on)) != weights(task->train(other, go_on))));
}

BOOST_AUTO_TEST_CASE(training_lowers_the_loss_and_raises_the_score) {
    DenoiseRecipe recipe = short_recipe();
    recipe.steps_per_epoch = 25;
    const auto task = make_denoise_task(small_set(), recipe);
    const FloatNetwork untrained = make_denoise_network(recipe, small_options);
    const FloatNetwork trained = task->train(small_options, go_on);
    BOOST_TEST(task->evaluate(trained, Split::validation, 2).value >
               task->evaluate(untrained, Split::validation, 2).value + 1);
}

BOOST_AUTO_TEST_CASE(a_stop_keeps_the_best_network_so_far) {
    int lines = 0;
    const auto task = make_denoise_task(small_set(), short_recipe());
    TrainOptions options = small_options;
    options.epochs = 1000;
    const FloatNetwork stopped = task->train(options, [&](const std::string&) { return ++lines < 6; });
    BOOST_TEST(lines == 6);
    BOOST_TEST(stopped.output_size() == 40);
}

BOOST_AUTO_TEST_CASE(a_training_that_was_stopped_says_what_it_holds) {
    const int steps = short_recipe().steps_per_epoch;  // each has a line, and each epoch one more
    // Of 90 epochs every third is scored.
    const auto stopped_after = [](int lines, int epochs) {
        TrainOptions options = small_options;
        options.epochs = epochs;
        return make_denoise_task(small_set(), short_recipe())->train(options, [&](const std::string&) {
            return --lines > 0;
        });
    };
    const FloatNetwork untrained = make_denoise_network(short_recipe(), small_options);
    const FloatNetwork at_once = stopped_after(1, 90), unscored = stopped_after(steps + 2, 90),
                       scored = stopped_after(3 * (steps + 1) + 1, 90), whole = stopped_after(steps + 1, 1);
    BOOST_TEST(at_once.metadata.at("learnt") == "no");
    BOOST_TEST(at_once.metadata.at("stopped") == "in the first epoch: nothing was learnt yet");
    BOOST_TEST(weights(at_once) == weights(untrained), boost::test_tools::per_element());
    BOOST_TEST(unscored.metadata.at("stopped") ==
               "after 1 of 90 epochs, with the latest weights, which have no score yet");
    BOOST_TEST((weights(unscored) != weights(untrained)));
    BOOST_TEST(scored.metadata.at("stopped") == "after 3 of 90 epochs, with the best weights by development score");
    BOOST_TEST(!unscored.metadata.contains("learnt"));
    BOOST_TEST(!whole.metadata.contains("stopped"));
}

BOOST_AUTO_TEST_CASE(ctrl_c_while_mixtures_are_made_keeps_what_was_learnt) {
    TrainOptions options = small_options;
    options.epochs = 90;
    DenoiseRecipe recipe = short_recipe();
    recipe.reuse = 1;  // the second epoch begins with new mixtures
    int lines = recipe.steps_per_epoch + 1;
    const FloatNetwork stopped = make_denoise_task(small_set(), recipe)->train(options, [&](const std::string&) {
        if (--lines == 0) interrupted = true;
        return true;
    });
    interrupted = false;
    BOOST_TEST(lines == 0);
    BOOST_TEST(stopped.metadata.at("stopped") ==
               "after 1 of 90 epochs, with the latest weights, which have no score yet");
}

BOOST_AUTO_TEST_CASE(a_network_says_how_often_it_steps_within_a_range) {
    FloatNetwork network = make_denoise_network(short_recipe(), small_options);
    BOOST_TEST(denoiser_config_of(network).net_every == quality_denoiser().net_every);
    network.metadata["net_every"] = "2";
    BOOST_TEST(denoiser_config_of(network).net_every == 2);
    for (const char* wrong : {"0", "5", "-1", "22", "x", ""}) {
        network.metadata["net_every"] = wrong;
        BOOST_CHECK_THROW(denoiser_config_of(network), DataError);
    }
}

BOOST_AUTO_TEST_CASE(a_network_says_how_far_it_looks_ahead_within_a_range) {
    FloatNetwork network = make_denoise_network(short_recipe(), small_options);
    BOOST_TEST(denoiser_config_of(network).look_ahead == 0);
    network.metadata["look_ahead"] = "16";
    BOOST_TEST(denoiser_config_of(network).look_ahead == 16);
    for (const char* wrong : {"17", "-1", "6.0", "x", ""}) {
        network.metadata["look_ahead"] = wrong;
        BOOST_CHECK_EXCEPTION(denoiser_config_of(network), DataError, [&](const DataError& e) {
            return e.what() == "metadata of the network, look_ahead: \"" + std::string(wrong) + "\", allowed 0..16";
        });
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(slow_denoise_training)

BOOST_AUTO_TEST_CASE(a_network_that_looks_ahead_learns_and_says_so) {
    DenoiseRecipe recipe = short_recipe();
    recipe.config = quality_denoiser();
    recipe.config.look_ahead = 6;
    recipe.steps_per_epoch = 25;
    const auto task = make_denoise_task(small_set(), recipe);
    const FloatNetwork network = task->train(small_options, go_on);
    BOOST_TEST(network.metadata.at("look_ahead") == "6");
    BOOST_TEST((denoiser_config_of(network) == recipe.config));
    BOOST_TEST(task->evaluate(network, Split::validation, 2).value >
               task->evaluate(make_denoise_network(recipe, small_options), Split::validation, 2).value + 0.5);
    recipe.config.look_ahead = 0;
    recipe.steps_per_epoch = 1;
    BOOST_TEST(!make_denoise_task(small_set(), recipe)->train(small_options, go_on).metadata.contains("look_ahead"));
}

BOOST_AUTO_TEST_CASE(a_dual_path_network_learns_is_quantised_and_sounds_the_same_in_its_preset) {
    DenoiseRecipe recipe = short_recipe();
    recipe.config = quality_denoiser();
    recipe.config.net_every = 2;
    recipe.channels = 8;
    recipe.blocks = 1;
    recipe.steps_per_epoch = 25;
    const auto task = make_denoise_task(small_set(), recipe);
    const FloatNetwork network = task->train(small_options, go_on);
    BOOST_TEST(network.bands == 40);
    BOOST_TEST(network.metadata.at("net_every") == "2");
    const double learnt = task->evaluate(network, Split::validation, 2).value;
    BOOST_TEST(learnt > task->evaluate(make_denoise_network(recipe, small_options), Split::validation, 2).value + 0.5);

    const Quantiser quantiser(network, task->calibration(16), {});
    Preset preset;
    preset.name = "dual-8bit";
    task->describe(preset);
    preset.model = quantiser.assemble(homogeneous(network, 8));
    BOOST_TEST(task->evaluate(Network(preset.model), Split::validation, 2).value > learnt - 0.2);
    std::vector<float> samples(16000);
    for (std::size_t i = 0; i < samples.size(); ++i)
        samples[i] = 0.1f * std::sin(0.08f * static_cast<float>(i)) + 0.03f * std::sin(0.9f * static_cast<float>(i));
    const auto as_float = float_enhancer(network, recipe.config, 16000)(samples),
               as_integers = preset_enhancer(deserialise(serialise(preset)), 16000)(samples);
    double difference = 0, power = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        difference += std::pow(static_cast<double>(as_integers[i] - as_float[i]), 2);
        power += std::pow(static_cast<double>(as_float[i]), 2);
    }
    BOOST_TEST(difference < 0.02 * power);
}

/// Trains until `lines` lines of progress have been printed.
FloatNetwork trained(TrainOptions options, int lines = 1000) {
    return make_denoise_task(small_set(), short_recipe())->train(options, [&](const std::string&) {
        return --lines > 0;
    });
}

BOOST_AUTO_TEST_CASE(a_training_that_was_stopped_goes_on_to_the_same_weights) {
    const TemporaryFolder folder;
    TrainOptions options = small_options;
    options.epochs = 6;
    const auto whole = weights(trained(options));
    options.state = folder / "state";
    const auto part = weights(trained(options, 14));  // stops within the fourth epoch
    BOOST_TEST((part != whole));
    BOOST_TEST(fs::exists(options.state));
    options.resume = true;
    BOOST_TEST(weights(trained(options)) == whole, boost::test_tools::per_element());

    options.seed = 5;
    BOOST_CHECK_EXCEPTION(trained(options), DataError, [](const DataError& e) {
        return std::string(e.what()).find("another training") != std::string::npos;
    });
    fs::resize_file(options.state, fs::file_size(options.state) - 4);
    options.seed = small_options.seed;
    BOOST_CHECK_EXCEPTION(trained(options), DataError, [](const DataError& e) {
        return std::string(e.what()).find("bytes, expected") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(an_average_is_of_the_weights_of_every_step_and_survives_a_stop) {
    FloatNetwork network = make_denoise_network(short_recipe(), small_options), average = network;
    const float first = parameters(network)[0][0];
    average_in(average, network, 0, 2);
    BOOST_TEST(parameters(average)[0][0] == first);
    for (int step = 1; step <= 4; ++step) {  // 1, 2, 3, 4: the mean of two steps, then an exponential mean with rate ½
        parameters(network)[0][0] = static_cast<float>(step);
        average_in(average, network, step, 2);
    }
    BOOST_TEST(first != 3.125f);
    BOOST_TEST(parameters(average)[0][0] == 3.125f);

    DenoiseRecipe recipe = short_recipe();
    recipe.average_epochs = 2;
    const auto averaged = [&](const TrainOptions& options, int lines) {
        return weights(
            make_denoise_task(small_set(), recipe)->train(options, [&](const std::string&) { return --lines > 0; }));
    };
    const TemporaryFolder folder;
    TrainOptions options = small_options;
    options.epochs = 6;
    const auto whole = averaged(options, 1000);
    BOOST_TEST((whole != weights(trained(options))));
    options.state = folder / "state";
    BOOST_TEST((averaged(options, 14) != whole));
    options.resume = true;
    BOOST_TEST(averaged(options, 1000) == whole, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_training_may_start_from_a_model) {
    const TemporaryFolder folder;
    const FloatNetwork first = trained(small_options);
    save_safetensors(folder / "first", first);
    TrainOptions options = small_options;
    options.from = folder / "first";
    BOOST_TEST((weights(trained(options)) != weights(first)));
    options.epochs = 1;
    BOOST_TEST(weights(trained(options, 1)) == weights(first),
               boost::test_tools::per_element());  // stopped before the first development score
    options.layers = 2;
    BOOST_CHECK_EXCEPTION(trained(options), DataError, [](const DataError& e) {
        return std::string(e.what()).find("2 GRU layers") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(denoise_recipe_and_goal)

BOOST_AUTO_TEST_CASE(a_recipe_file_changes_what_it_names) {
    const TemporaryFolder folder;
    const DenoiseRecipe recipe = read_denoise_recipe(
        folder.file("good.json",
                    R"({"batch": 8, "comb": 1, "late_start": 0.5, "look_ahead": 6, "loss": {"snr": 0.25}})"),
        short_recipe());
    BOOST_TEST(recipe.batch == 8);
    BOOST_TEST(recipe.config.comb);
    BOOST_TEST(recipe.config.look_ahead == 6);
    BOOST_TEST(recipe.late_start == 0.5);
    BOOST_TEST(recipe.loss.snr == 0.25f);
    BOOST_TEST(recipe.dense == short_recipe().dense);

    const auto message = [&](const std::string& json) {
        try {
            read_denoise_recipe(folder.file("bad.json", json), {});
        } catch (const DataError& e) {
            return std::string(e.what());
        }
        return std::string("accepted");
    };
    const auto contains = [](const std::string& text, const std::string& part) {
        return text.find(part) != std::string::npos;
    };
    BOOST_TEST(contains(message("[1]"), "bad.json: not a JSON object"));
    BOOST_TEST(
        contains(message(R"({"bach": 8})"), "\"bach\" is unknown, expected one of: average_epochs, babble, batch"));
    BOOST_TEST(
        contains(message(R"({"batch": 6})"), "\"batch\" is 6, expected a number from 4 to 1024 and a multiple of 4"));
    BOOST_TEST(contains(message(R"({"each_frame": 1, "net_every": 1})"),
                        "bad.json: each_frame 1 with net_every 1, needed at least 2"));
    BOOST_TEST(contains(message(R"({"loss": {"snr": "much"}})"),
                        "loss: \"snr\" is \"much\", expected a number from 0 to 100"));
    BOOST_TEST(contains(message(R"({"lost": {"snr": 1}})"), "only \"loss\" may be one"));
}

BOOST_AUTO_TEST_CASE(a_recipe_without_later_members_is_stored_as_ever) {
    const TemporaryFolder folder;
    const std::string usual = to_json({});
    for (const char* name : {"variety", "spectrum", "reduction_limit_db", "look_ahead", "each_frame", "logit"})
        BOOST_TEST(usual.find(name) == std::string::npos);
    const DenoiseRecipe recipe = read_denoise_recipe(
        folder.file("heard.json",
                    R"({"second_noise": 0.4, "most_voices": 12, "reduction_limit_db": 60, "look_ahead": 6, )"
                    R"("logit_factor": 1.5, "loss": {"spectrum": 20, "left": 2}})"),
        {});
    BOOST_TEST(recipe.variety.most_voices == 12);
    BOOST_TEST(recipe.reduction_limit_db == 60.0f);
    const std::string stored = to_json(recipe);
    for (const char* part : {R"("spectrum":20.0,"left":2.0)", R"("reduction_limit_db":60.0)", R"("variety":[0.4,)",
                             R"("look_ahead":6)", R"("logit_factor":1.5)"})
        BOOST_TEST_CONTEXT(stored) BOOST_TEST(stored.find(part) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_recipe_of_spectra_chooses_its_epoch_by_its_own_loss) {
    const NoisySpeech data = small_set();
    DenoiseRecipe recipe = short_recipe();
    recipe.loss = {.snr = 0, .magnitude = 0, .intelligibility = 0, .spectrum = 20};
    const auto task = make_denoise_task(data, recipe);
    std::string last;
    TrainOptions options = small_options;
    options.epochs = 1;
    task->train(options, [&](const std::string& text) { return last = text, true; });
    BOOST_TEST_CONTEXT(last) BOOST_TEST(last.find("spectral distance 0.") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_goal_gives_the_same_loss_for_a_batch_and_for_its_mixtures_one_by_one) {
    const DenoiseRecipe recipe = short_recipe();
    const NoisySpeech data = small_set();
    DenoiseGoal goal(data, recipe, 1, 3);
    goal.renew(0, 2);
    BOOST_TEST(goal.count() == 3);
    BOOST_TEST(goal.batch() == recipe.batch);
    const FloatNetwork network = make_denoise_network(recipe, small_options);
    Backprop backprop(network);
    const int chosen[] = {2, 0};
    Matrix slope, alone;
    const double loss = goal.loss(chosen, backprop.forward(goal.inputs(chosen), 2), 2, slope);
    double sum = 0;
    for (int s = 0; s < 2; ++s) {
        const std::span<const int> one(&chosen[s], 1);
        sum += goal.loss(one, backprop.forward(goal.inputs(one), 1), 2, alone);
        for (Eigen::Index t = 0; t < alone.cols(); ++t)
            BOOST_REQUIRE_SMALL((slope.col(2 * t + s) - alone.col(t)).norm(), 1e-4f * alone.norm());
    }
    BOOST_CHECK_CLOSE(loss, sum, 1e-3);
    const Matrix before = goal.inputs(chosen);
    goal.renew(1, 1);
    BOOST_TEST((goal.inputs(chosen) != before));  // other mixtures
    goal.renew(0, 1);
    BOOST_TEST((goal.inputs(chosen) == before));
}

BOOST_AUTO_TEST_CASE(fine_tuning_gives_a_denoiser_of_few_bits_some_of_its_gain_back) {
    DenoiseRecipe recipe = short_recipe();
    recipe.steps_per_epoch = 25;
    const auto task = make_denoise_task(small_set(), recipe);
    const FloatNetwork network = task->train(small_options, go_on);
    const Quantiser quantiser(network, task->calibration(16), {});
    Genome genome = homogeneous(network, 8);
    for (auto& layer : genome.layers) std::fill_n(layer.gru.begin(), linear_count, std::uint8_t{2});
    const NoisySpeech data = small_set();
    DenoiseGoal goal(data, recipe, 7, 64, &network);
    const auto value = [&](const Model& model) { return task->evaluate(Network(model), Split::validation, 2).value; };
    const double before = value(quantiser.assemble(genome)),
                 after = value(quantiser.assemble(genome, fine_tune(quantiser, genome, goal, {.epochs = 4})));
    BOOST_TEST_MESSAGE("SI-SDR gain of 2-bit weights: " << before << " -> " << after << " dB");
    BOOST_TEST(after > before + 0.1);
}

BOOST_AUTO_TEST_SUITE_END()
