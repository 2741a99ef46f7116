// The float network behind a preset, played by the streaming engine.
#include "offline_search/export/float_preset.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "datasets/support/data_error.h"
#include "engine/preset/deserialise_preset.h"
#include "engine/streaming/denoiser.h"
#include "offline_search/network/model_hash.h"
#include "offline_search/network/safetensors.h"
#include "offline_search/tasks/denoising/quality.h"
#include "tests/engine/tiny_models.h"
#include "tests/offline_search/random_network.h"

using namespace gruve;

namespace {

FloatNetwork denoiser_network(const Preset& like) {
    FloatNetwork network = random_network(5, like.model.input_size(), 12, like.model.output_size());
    std::get<FloatDense>(network.layers[1]).activation = Activation::sigmoid;
    return network;
}

Preset preset_in(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    BOOST_REQUIRE_MESSAGE(file.good(), path);
    return deserialise(std::vector<std::uint8_t>{std::istreambuf_iterator<char>(file), {}});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(float_preset_suite)

BOOST_AUTO_TEST_CASE(a_stream_gives_what_the_float_network_gives) {
    const FloatNetwork network = random_network(3, 10, 20, 4);
    const Matrix sequence = random_sequences(7, 1, 10, 200).front(), expected = network.forward(sequence);
    const auto stream = stream_of(std::make_shared<const PlayableFloatModel>(float_model_of(network)));
    std::vector<float> y(4);
    for (int run = 0; run < 2; ++run) {
        for (Eigen::Index t = 0; t < sequence.cols(); ++t) {
            stream->step({sequence.col(t).data(), 10}, y);
            for (Eigen::Index i = 0; i < 4; ++i)
                BOOST_TEST(std::abs(y[static_cast<std::size_t>(i)] - expected(i, t)) < 1e-5f);
        }
        stream->reset();
    }
}

BOOST_AUTO_TEST_CASE(the_denoiser_plays_it_as_the_training_hears_it) {
    Preset like = *tiny::denoiser_preset(1);
    const FloatNetwork network = denoiser_network(like);
    const auto preset = std::make_shared<const Preset>(float_preset(like, network));
    BOOST_TEST(preset->is_float());
    Denoiser denoiser(preset, playable(*preset), 16000);
    std::mt19937 random(1);
    std::vector<float> input(32000);
    for (float& x : input) x = 0.1f * (static_cast<float>(random() >> 8) * 0x1p-23f - 1.0f);
    const auto expected = float_enhancer(network, like.denoiser, 16000)(input);
    std::vector<float> output = input;
    output.resize(output.size() + static_cast<std::size_t>(denoiser.latency()));
    denoiser.process(output, output);
    float largest = 0, effect = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        largest = std::max(largest, std::abs(output[i + static_cast<std::size_t>(denoiser.latency())] - expected[i]));
        effect = std::max(effect, std::abs(input[i] - expected[i]));
    }
    BOOST_TEST(effect > 0.02f);
    BOOST_TEST(largest < 1e-5f);
}

BOOST_AUTO_TEST_CASE(it_keeps_front_end_and_float_scores_and_refuses_another_network) {
    Preset like = *tiny::denoiser_preset(1);
    const FloatNetwork network = denoiser_network(like);
    like.name = "rooms-8bit";
    like.test = {"si_sdr_gain_db", 5.1, 5.0, 4.9, 0.3, 90, "test"};
    like.model_hash = model_hash({network});
    const Preset preset = float_preset(like, network);
    BOOST_TEST(preset.name == "rooms-float");
    BOOST_TEST(preset.test.value == 5.1);
    BOOST_TEST((preset.denoiser == like.denoiser));
    BOOST_TEST(preset.float_model.parameter_bytes() ==
               4u * (3 * 12 * (like.model.input_size() + 12 + 2) + 13 * like.model.output_size()));

    FloatNetwork other = network;
    std::get<FloatDense>(other.layers[1]).bias[0] += 1.0f;
    BOOST_CHECK_EXCEPTION(float_preset(like, other), DataError, [](const DataError& e) {
        return std::string(e.what()).find("another network") != std::string::npos;
    });
    like.model_hash.clear();  // as in presets from before the field existed: only the shapes are compared
    BOOST_CHECK_THROW(float_preset(like, random_network(1, 7, 4, 2)), DataError);
}

BOOST_AUTO_TEST_CASE(the_factory_has_the_float_network_of_every_front) {
    const std::filesystem::path presets = GRUVE_SOURCE_DIR "/presets";
    int fronts = 0;
    for (const auto& file : std::filesystem::directory_iterator(presets / "models")) {
        const std::string name = file.path().stem().string();
        if (name.ends_with("_base")) continue;  // the model that another one was trained from
        const Preset expected =
            float_preset(preset_in(presets / (name + "-8bit.gruve")), load_safetensors(file.path()));
        BOOST_TEST(
            (preset_in(presets / "float" / (name + "-float.gruve")) == expected),
            "presets/float/" << name << "-float.gruve belongs to another search; presets/make says how to write it");
        ++fronts;
    }
    BOOST_TEST(fronts >= 5);
}

BOOST_AUTO_TEST_SUITE_END()
