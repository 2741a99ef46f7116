// What a recipe changes in a denoiser's last layer: outputs for each frame, sharper gains.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "offline_search/network/safetensors.h"
#include "offline_search/tasks/denoising/training.h"
#include "tests/datasets/temporary_folder.h"
#include "tests/offline_search/tasks/denoising/small_noisy_speech.h"

using namespace gruve;
using namespace gruve::test;

BOOST_AUTO_TEST_SUITE(slow_denoise_last_layer)

BOOST_DATA_TEST_CASE(outputs_for_each_frame_begin_as_those_that_all_frames_had, boost::unit_test::data::make({0, 8}),
                     channels) {
    const TemporaryFolder folder;
    DenoiseRecipe recipe = short_recipe();
    recipe.config = quality_denoiser();
    recipe.config.net_every = 2;
    recipe.channels = channels;
    recipe.steps_per_epoch = 1;
    const FloatNetwork held = make_denoise_task(small_set(), recipe)->train(small_options, go_on);
    const auto file = folder.path() / "held.safetensors";
    save_safetensors(file, held);

    recipe.config.each_frame = true;
    recipe.learning_rate = 1e-12f;  // so that training changes nothing
    TrainOptions options = small_options;
    options.from = file;
    const auto task = make_denoise_task(small_set(), recipe);
    const FloatNetwork network = task->train(options, go_on);
    BOOST_TEST(network.output_size() == 2 * held.output_size());
    BOOST_TEST(network.metadata.at("each_frame") == "1");
    BOOST_TEST((denoiser_config_of(network) == recipe.config));
    recipe.config.each_frame = false;
    BOOST_TEST(task->evaluate(network, Split::validation, 2).value ==
                   make_denoise_task(small_set(), recipe)->evaluate(held, Split::validation, 2).value,
               boost::test_tools::tolerance(1e-4));

    // Outputs for two frames begin as those of two of four each.
    FloatNetwork two = network;
    auto& two_last = std::get<FloatDense>(two.layers.back());
    const Eigen::Index of_frame = two_last.weight.rows() / 2;
    two_last.weight.bottomRows(of_frame) *= 0.5f;
    save_safetensors(file, two);
    recipe.config.each_frame = true;
    recipe.config.net_every = 4;
    const FloatNetwork four = make_denoise_task(small_set(), recipe)->train(options, go_on);
    const auto& four_last = std::get<FloatDense>(four.layers.back());
    for (int frame = 0; frame < 4; ++frame)
        BOOST_TEST((four_last.weight.middleRows(frame * of_frame, of_frame) -
                    two_last.weight.middleRows(frame / 2 * of_frame, of_frame))
                       .cwiseAbs()
                       .maxCoeff() < 1e-6f);
}

BOOST_DATA_TEST_CASE(a_recipe_can_sharpen_the_gains_of_what_was_learnt, boost::unit_test::data::make({0, 8}),
                     channels) {
    DenoiseRecipe recipe = short_recipe();
    recipe.config = quality_denoiser();
    recipe.channels = channels;
    recipe.steps_per_epoch = 1;
    const FloatNetwork learnt = make_denoise_task(small_set(), recipe)->train(small_options, go_on);
    recipe.logit_factor = 1.5f;
    recipe.logit_shift = -0.25f;
    const FloatNetwork sharper = make_denoise_task(small_set(), recipe)->train(small_options, go_on);
    const auto &from = std::get<FloatDense>(learnt.layers.back()), &to = std::get<FloatDense>(sharper.layers.back());
    const Eigen::Index gains = channels > 0 ? 1 : recipe.config.bands;
    BOOST_TEST(from.weight.rows() == 2 * gains);
    BOOST_TEST((to.weight.topRows(gains) == 1.5f * from.weight.topRows(gains)));
    BOOST_TEST((to.bias.head(gains) == (1.5f * from.bias.head(gains).array() - 0.25f).matrix()));
    BOOST_TEST((to.weight.bottomRows(gains) == from.weight.bottomRows(gains)));
    BOOST_TEST((to.bias.tail(gains) == from.bias.tail(gains)));
}

BOOST_AUTO_TEST_SUITE_END()
